// What every runtime has and the ECMAScript library does not type. Nothing else of a platform is used by the portable
// part of this package.

interface ParsedUrl {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
  readonly pathname: string;
}
interface Platform {
  setTimeout(run: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
  URL: { new (text: string): ParsedUrl; canParse?(text: string): boolean };
  console: { error(...values: unknown[]): void };
}

export const platform = globalThis as unknown as Platform;
