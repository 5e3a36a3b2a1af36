// The parts of a file that people read: the comments and strings of a program, the paragraphs of a page. Marks are replaced by
// spaces, and code by the letter x, so that a place in a passage is still a place in the file.

import { GFM, parser as markdown } from '@lezer/markdown';
import { parser as python } from '@lezer/python';
import { parseSync, Visitor } from 'rolldown/utils';

/**
 * @typedef {{ readonly kind: 'comment' | 'string' | 'paragraph', readonly from: number, readonly text: string }} Passage
 * `from`: where in the file the text begins
 * @typedef {{ readonly from: number, readonly to: number }} Range
 */

/** @type {Readonly<Record<string, (text: string) => Passage[]>>} */
const READERS = { '.ts': ofJavaScript, '.mjs': ofJavaScript, '.py': ofPython, '.md': ofMarkdown };

export const ENDINGS = Object.keys(READERS);

/**
 * @param {string} file its ending says what it is
 * @param {string} text
 * @returns {Passage[]}
 */
export function passagesOf(file, text) {
  const read = READERS[file.slice(file.lastIndexOf('.'))];
  if (!read) throw new TypeError(`${file} is none of ${ENDINGS.join(', ')}`);
  return read(text);
}

/** @param {string} text @returns {Passage[]} */
function ofJavaScript(text) {
  const { program, comments, errors } = parseSync('file.ts', text);
  if (errors.length > 0) throw new SyntaxError(errors.map(({ message }) => message).join('; '));
  const strings = noRanges();
  const add = (/** @type {{ start: number, end: number }} */ { start, end }) => strings.push({ from: start, to: end });
  new Visitor({
    Literal: (node) => {
      if (typeof node.value === 'string') add(node);
    },
    TemplateElement: add,
  }).visit(program);
  const blocks = comments.filter(({ type }) => type === 'Block').map(({ start, end }) => ({ from: start, to: end }));
  const lines = comments.filter(({ type }) => type === 'Line').map(({ start, end }) => ({ from: start, to: end }));
  return passages(text, [...blocks, ...joined(text, lines)], strings);
}

/** @param {string} text @returns {Passage[]} */
function ofPython(text) {
  const [docstrings, comments, strings] = [noRanges(), noRanges(), noRanges()];
  python.parse(text).iterate({
    enter: ({ name, from, to, node }) => {
      if (name === 'Comment') comments.push({ from, to });
      if (name !== 'String' && name !== 'FormatString') return;
      (node.parent?.name === 'ExpressionStatement' ? docstrings : strings).push({ from, to });
    },
  });
  return passages(text, [...docstrings, ...joined(text, comments)], strings);
}

/** @param {string} text @returns {Passage[]} */
function ofMarkdown(text) {
  const [paragraphs, marks, names] = [noRanges(), noRanges(), noRanges()];
  markdown
    .configure(GFM)
    .parse(text)
    .iterate({
      enter: ({ name, from, to, node }) => {
        const isCell = name === 'TableCell' && node.parent?.name !== 'TableHeader';
        if (isCell || name === 'Paragraph' || name === 'Task') paragraphs.push({ from, to });
        if (name === 'InlineCode') names.push({ from, to });
        if (/^(?:URL|LinkTitle|HTMLTag)$|Mark$/.test(name)) marks.push({ from, to });
      },
    });
  const plain = filled(filled(text, names, 'x'), marks, ' ');
  return paragraphs.map(({ from, to }) => ({ kind: 'paragraph', from, text: plain.slice(from, to) }));
}

/**
 * @param {string} text
 * @param {readonly Range[]} comments
 * @param {readonly Range[]} strings
 * @returns {Passage[]}
 */
function passages(text, comments, strings) {
  const ofKind = (/** @type {Passage['kind']} */ kind, /** @type {readonly Range[]} */ ranges) =>
    ranges.map(({ from, to }) => ({ kind, from, text: text.slice(from, to) }));
  const code = [...ofKind('comment', comments).map(withoutMarks), ...ofKind('string', strings).map(withoutQuotes)];
  return code.sort((a, b) => a.from - b.from);
}

/** @param {Passage} passage @returns {Passage} without what makes it a comment, an example in it, and tags for tools */
function withoutMarks({ kind, from, text }) {
  const plain = text
    .replace(/^(\s*)(?:\/\*+|\/\/|#+|[rbuf]*(?:"""|'''|"|'))/i, blank)
    .replace(/(?:\*+\/|"""|'''|"|')(\s*)$/, blank)
    .replace(/^[ \t]*(?:\*|\/\/|#+)/gm, blank)
    .replace(/@example\b[^@]*/g, blank)
    .replace(/^\s*```[\s\S]*?```/gm, blank)
    .replace(/\{@\w+ /g, blank)
    .replace(/`[^`]*`/g, (name) => name.replace(/\S/g, 'x'));
  return { kind, from, text: /^\s*(?:@ts-|biome-ignore)/.test(plain) ? blank(plain) : plain };
}

/** @param {Passage} passage @returns {Passage} */
function withoutQuotes({ kind, from, text }) {
  const plain = text.replace(/^(\s*)[rbuf]*["'`]+/i, blank).replace(/["'`]+(\s*)$/, blank);
  return { kind, from, text: plain.replace(/`[^`]*`/g, (name) => name.replace(/\S/g, 'x')) };
}

/**
 * Comments of a line each that follow one another are one.
 * @param {string} text
 * @param {readonly Range[]} lines in their order
 * @returns {Range[]}
 */
function joined(text, lines) {
  const found = noRanges();
  for (const line of lines) {
    const last = found.at(-1);
    if (last && isAlone(text, last) && /^\n[ \t]*$/.test(text.slice(last.to, line.from)))
      found.splice(-1, 1, { from: last.from, to: line.to });
    else found.push(line);
  }
  return found;
}

/** @returns {Range[]} */
function noRanges() {
  return [];
}

/** @param {string} text @param {Range} range @returns {boolean} whether nothing stands before it in its line */
function isAlone(text, { from }) {
  return text.slice(text.lastIndexOf('\n', from - 1) + 1, from).trim() === '';
}

/** @param {string} text @param {readonly Range[]} ranges @param {string} letter */
function filled(text, ranges, letter) {
  let plain = text;
  for (const { from, to } of ranges) {
    plain = plain.slice(0, from) + plain.slice(from, to).replace(/[^\n]/g, letter) + plain.slice(to);
  }
  return plain;
}

/** @param {string} text */
function blank(text) {
  return text.replace(/[^\n]/g, ' ');
}
