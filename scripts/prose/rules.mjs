// The rules of plain English that a program can hold: a sentence names its subject before it says anything of it, a program is
// called "it", and a few turns of phrase have a plainer word.

/** @typedef {{ readonly at: number, readonly rule: string, readonly sentence: string }} Fault `at`: where in the text */

/** Words that a text must not begin with, because they name no subject. */
const OPENERS = ['What', 'Who', 'Whoever', 'Whose', 'Whether', 'Where', 'It', 'Of', 'How'];

/** Words that no other sentence begins with either. The rest may refer to the sentence before. */
const CLAUSES = ['What', 'Who', 'Whoever', 'Whose', 'Whether', 'Of'];

const PHRASES = [
  {
    rule: '`invalid`, or the condition that is not met, in place of `is none`',
    pattern: /(?<!\bthere\s+)\b(?:is|are|was|were) none\b(?! of)/gi,
  },
  { rule: '`again` or `restart` in place of `anew`', pattern: /\banew\b/gi },
  { rule: '`it` or `they` for a program or a peer', pattern: /\b(?:he|him|his|himself)\b/gi },
];

const SENTENCE = /\S[\s\S]*?(?:[.!?:;]["')\]]*(?=\s)|\n[ \t]*\n|\n[ \t]*(?=@|[-*] )|$)/g;

/**
 * @param {string} text with its code masked
 * @param {{ isProse: boolean }} options a text that is not prose, such as a string of a program, need not have a subject
 * @returns {Fault[]}
 */
export function faultsIn(text, { isProse }) {
  /** @type {Fault[]} */
  const faults = [];
  let opens = true;
  for (const { 0: sentence, index } of text.matchAll(SENTENCE)) {
    const word = /^\w+/.exec(sentence)?.[0] ?? '';
    const isQuestion = /\?["')\]]*$/.test(sentence.trim());
    if (isProse && (opens ? OPENERS : CLAUSES).includes(word) && !isQuestion) {
      faults.push({
        at: index,
        rule: `a sentence names its subject first, and not \`${word}\``,
        sentence: oneLine(sentence),
      });
    }
    for (const { rule, pattern } of PHRASES) {
      for (const found of sentence.matchAll(pattern))
        faults.push({ at: index + found.index, rule, sentence: oneLine(sentence) });
    }
    opens = /\n[ \t]*\n$/.test(sentence) || /^\s*?\n[ \t]*\n/.test(text.slice(index + sentence.length));
  }
  return faults;
}

/** @param {string} sentence */
function oneLine(sentence) {
  const line = sentence.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}
