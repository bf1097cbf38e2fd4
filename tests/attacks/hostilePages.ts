// The hostile pages, each in a file of its own.

import { readFileSync } from 'node:fs'

/** @param name of a file in `pages`, without its ending */
export const hostilePage = (name: string): string =>
  readFileSync(`tests/attacks/pages/${name}.html`, 'utf8')
