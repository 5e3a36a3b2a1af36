// Options of npbridge itself, and the one that every subcommand has as well.
import type { Option, Options } from './option.ts';

export const helpOption: Option<boolean> = { flag: 'help', short: 'h', alone: true, help: 'tell more' };

export interface ProgramOptions {
  readonly help?: boolean;
  readonly version?: boolean;
}

export const programOptions: Options<ProgramOptions> = {
  help: helpOption,
  version: { flag: 'version', alone: true, help: 'tell the version' },
};
