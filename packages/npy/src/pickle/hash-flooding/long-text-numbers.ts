// Numbers for long texts, which V8 hashes by their length alone: equal texts have the same number. A text is cut into pieces that
// V8 hashes as it hashes short ones, with a seed; so each costs as much as it is long, however many others are as long.
import { LONG_TEXT } from './engine-hash.ts';

const PIECE = 8192;

export class LongTexts {
  readonly #pieces = new Map<string, number>();
  readonly #texts = new Map<string, number>();

  /** The number of a text. */
  number(text: string): number {
    return numberIn(this.#texts, this.#spelled(text));
  }

  /** The text, where it is short; else another one that is short, and is the same for equal texts alone. */
  short(text: string): string {
    return text.length > LONG_TEXT ? `long ${this.number(text)}` : text;
  }

  /** Pieces of pieces, until they are short. */
  #spelled(text: string): string {
    let spelled = text;
    while (spelled.length > PIECE) {
      const numbers: number[] = [];
      for (let at = 0; at < spelled.length; at += PIECE) {
        numbers.push(numberIn(this.#pieces, spelled.slice(at, at + PIECE)));
      }
      spelled = `of ${numbers.join()}`;
    }
    return spelled;
  }
}

function numberIn(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}
