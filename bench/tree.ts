// Loads the sources of a checkout, this one or another, so that one program can measure two commits.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type * as bridge from '@bridge/bridge';
import type * as launch from '@bridge/bridge/launch';
import type * as npy from '@bridge/npy';
import type * as core from '@bridge/npy/core';
import type * as pickle from '@bridge/npy/pickle';
import type * as transport from '@bridge/transport';
import type * as turns from '@bridge/transport/machine';
import type * as tcp from '@bridge/transport/tcp';
import type * as unix from '@bridge/transport/unix';

/** The entries that a program can import, by name. */
export interface Entries {
  '@bridge/bridge': typeof bridge;
  '@bridge/bridge/launch': typeof launch;
  '@bridge/npy': typeof npy;
  '@bridge/npy/core': typeof core;
  '@bridge/npy/pickle': typeof pickle;
  '@bridge/transport': typeof transport;
  '@bridge/transport/tcp': typeof tcp;
  '@bridge/transport/machine': typeof turns;
  '@bridge/transport/unix': typeof unix;
}

export interface Tree {
  /** The checkout's root, absolute. */
  readonly root: string;
  /** Imports an entry from the checkout's sources. */
  load<Entry extends keyof Entries>(entry: Entry): Promise<Entries[Entry]>;
  /** Returns the path of a file in the checkout. */
  file(path: string): string;
}

/** The root of this checkout. */
export const ROOT: string = fileURLToPath(new URL('..', import.meta.url));

/** @param root a checkout in which `npm run setup` has been run */
export function treeAt(root: string): Tree {
  return {
    root,
    file: (path) => join(root, path),
    async load<Entry extends keyof Entries>(entry: Entry): Promise<Entries[Entry]> {
      const [, folder = '', ...rest] = entry.split('/');
      const manifest = JSON.parse(readFileSync(join(root, 'packages', folder, 'package.json'), 'utf8'));
      const source: string = manifest.exports[['.', ...rest].join('/')]['@bridge/source'];
      return import(pathToFileURL(join(root, 'packages', folder, source)).href);
    },
  };
}
