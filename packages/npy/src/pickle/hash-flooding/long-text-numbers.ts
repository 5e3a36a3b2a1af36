// Gives numbers to long texts, which are strings of more than 16 383 characters. Equal texts get the same number. V8 hashes long texts by
// their length alone. A text is cut into pieces here that V8 hashes with a seed, so that the work is proportional to the text's length,
// however many other texts have the same length.
import { MAX_SEEDED_LENGTH } from './engine-hash.ts';

const PIECE_LENGTH = 8192;

/** Gives numbers to long texts. */
export class LongTextNumbers {
  readonly #pieces = new Map<string, number>();
  readonly #texts = new Map<string, number>();

  /** Returns the number of a text, which is the same for equal texts. */
  number(text: string): number {
    return numberIn(this.#texts, this.#numbersOfPieces(text));
  }

  /** Returns a short text unchanged, and for a long one a short text that only equal texts share. */
  shorten(text: string): string {
    return text.length > MAX_SEEDED_LENGTH ? `long ${this.number(text)}` : text;
  }

  /** Replaces a text by the numbers of its pieces, repeatedly, until the result is short. */
  #numbersOfPieces(text: string): string {
    let result = text;
    while (result.length > PIECE_LENGTH) {
      const numbers: number[] = [];
      for (let start = 0; start < result.length; start += PIECE_LENGTH) {
        numbers.push(numberIn(this.#pieces, result.slice(start, start + PIECE_LENGTH)));
      }
      result = `of ${numbers.join()}`;
    }
    return result;
  }
}

function numberIn(numbers: Map<string, number>, text: string): number {
  const known = numbers.get(text);
  if (known !== undefined) return known;
  numbers.set(text, numbers.size);
  return numbers.size - 1;
}
