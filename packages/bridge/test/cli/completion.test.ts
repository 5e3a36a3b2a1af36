// The shells that this machine has complete command lines of npbridge: bash and zsh after a Tab at a terminal, and fish by its own
// command.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { completionOf } from '../../src/cli/commands/completion.ts';
import { SUBCOMMANDS } from '../../src/cli/subcommands.ts';

const scripts = mkdtempSync(join(tmpdir(), 'npbridge-scripts-'));
const folder = mkdtempSync(join(tmpdir(), 'npbridge-completion-'));
afterAll(() => {
  for (const path of [scripts, folder]) rmSync(path, { recursive: true });
});

const subcommands = await Promise.all(
  Object.entries(SUBCOMMANDS).map(async ([name, { load }]) => [name, await load()] as const),
);

/** Resolves with the output of `npbridge completion SHELL`. */
async function scriptOf(shell: string): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    expect(await completionOf(SUBCOMMANDS).run([shell])).toBe(0);
    return String(write.mock.calls[0]?.[0]);
  } finally {
    write.mockRestore();
  }
}

function has(shell: string): boolean {
  try {
    execFileSync(shell, ['-c', 'true']);
    return true;
  } catch {
    return false;
  }
}

beforeAll(async () => {
  for (const shell of ['bash', 'zsh', 'fish']) writeFileSync(join(scripts, shell), await scriptOf(shell));
  for (const name of ['frame.npy', 'notes.txt', 'batch.npz', 'two words.npy']) writeFileSync(join(folder, name), '');
  mkdirSync(join(folder, 'dir'));
});

test.each(['bash', 'zsh', 'fish'])('the script for %s has every subcommand and option', async (shell) => {
  const script = await scriptOf(shell);
  for (const [name, { options }] of subcommands) {
    expect(script).toMatch(new RegExp(`\\b${name}\\b`));
    for (const { flag } of options) expect(script).toMatch(new RegExp(`(?:--|-l )${flag}\\b`));
  }
});

/** A shell that runs at a pseudo-terminal. */
interface Terminal {
  /** Types keys, and waits until the shell has shown all of the given texts. */
  type(keys: string, ...shown: string[]): Promise<string>;
}

async function terminal(shell: 'bash' | 'zsh'): Promise<Terminal> {
  const command = shell === 'bash' ? 'bash --norc --noprofile -i' : 'zsh -f -i';
  const child: ChildProcess = spawn('script', ['-qec', command, '/dev/null'], {
    cwd: folder,
    env: { ...process.env, TERM: 'dumb', INPUTRC: '/dev/null', HISTFILE: '/dev/null' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let all = '';
  child.stdout?.on('data', (chunk) => {
    all += String(chunk).replaceAll('\r', '').replaceAll('\u0007', '');
  });
  const type = async (keys: string, ...shown: string[]): Promise<string> => {
    all = '';
    child.stdin?.write(keys);
    for (const text of shown) await expect.poll(() => all).toContain(text);
    return all;
  };
  const init = shell === 'bash' ? '' : 'autoload -U compinit; compinit -u -D; LISTMAX=1000; ';
  // The quotes inside `PS1` distinguish the prompt from the echo of the command that sets it.
  await type(`stty rows 100 cols 250; ${init}source ${join(scripts, shell)}; PS1='pro''mpt> '\n`, 'prompt> ');
  return { type };
}

/** Clears the line, and waits for the next prompt. */
const CLEAR = ['\x15\n', 'prompt> '] as const;

describe.each((['bash', 'zsh'] as const).filter(has))('%s', (shell) => {
  test('completes a word that can have one end only', async () => {
    const { type } = await terminal(shell);
    for (const [begun, whole] of [
      ['npbridge rel', 'ay '],
      ['npbridge help comp', 'letion '],
      ['npbridge completion z', 'sh '],
      ['npbridge relay --dialect pref', 'ixed:'],
      ['npbridge relay --dialect=nump', 'ysocket '],
      ['npbridge relay --from unix:/', '//'],
      ['npbridge relay --to tcp://localhost:1 --in-fl', 'ight'],
      ['npbridge call t', 'cp://'],
      ['npbridge call tcp://localhost:1 f', 'rame.npy '],
      ['npbridge call tcp://localhost:1 ba', 'tch.npz '],
      ['npbridge call tcp://localhost:1 two', '\\ words.npy '],
      ['npbridge call --dialect seed tcp://localhost:1 frame.npy d', 'ir/'],
    ] as const) {
      await type(`${begun}\t`, begun + whole);
      await type(...CLEAR);
    }
  });

  test('lists the words that can follow', async () => {
    const { type } = await terminal(shell);
    for (const [name, { options }] of subcommands) {
      const flags = options.map(({ flag }) => `--${flag}`);
      if (flags.length > 0) await type(`npbridge ${name} --\t\t`, ...flags);
      await type(...CLEAR);
    }
    await type(`npbridge \t\t`, ...subcommands.map(([name]) => name));
    await type(...CLEAR);
    const files = await type(`npbridge call tcp://localhost:1 \t\t`, 'frame.npy', 'dir', 'words.npy');
    expect(files).not.toContain('notes.txt');
  });
});

describe.each(['fish'].filter(has))('%s', (shell) => {
  const offered = (line: string): string[] => {
    const script = 'source $argv[1]; complete -C $argv[2]';
    const words = ['--no-config', '-c', script, join(scripts, 'fish'), line];
    const out = execFileSync(shell, words, { cwd: folder, encoding: 'utf8' });
    return out
      .trimEnd()
      .split('\n')
      .map((each) => each.split('\t')[0] ?? '');
  };

  test('offers subcommands, options and values', () => {
    expect(offered('npbridge ')).toEqual(expect.arrayContaining(subcommands.map(([name]) => name)));
    for (const [name, { options }] of subcommands)
      expect(offered(`npbridge ${name} --`).sort()).toEqual(options.map(({ flag }) => `--${flag}`).sort());
    expect(offered('npbridge completion ').sort()).toEqual(['bash', 'fish', 'zsh']);
    expect(offered('npbridge relay --dialect pref')).toEqual(['prefixed:']);
    expect(offered('npbridge relay --dialect=nump')).toEqual(['--dialect=numpysocket']);
    expect(offered('npbridge call t')).toEqual(['tcp://']);
    expect(offered('npbridge call tcp://localhost:1 f')).toEqual(['frame.npy']);
    expect(offered('npbridge call tcp://localhost:1 ba')).toEqual(['batch.npz']);
    expect(offered('npbridge call --dialect seed tcp://localhost:1 frame.npy tw')).toEqual(['two words.npy']);
  });
});
