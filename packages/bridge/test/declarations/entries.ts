// This file imports every entry of the package. Every compiler of scripts/check-compilers.mjs compiles this file with the types of
// a browser alone.
import * as bridge from '@bridge/bridge';
import * as launch from '@bridge/bridge/launch';
import * as otel from '@bridge/bridge/otel';

export const entries: readonly object[] = [bridge, launch, otel];
