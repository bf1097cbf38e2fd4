// command-line: `npx keyhearth`, the message format without a browser. This file: a file's name out of a
// message, which is whatever somebody wrote there, as one that is safe in the present folder.

import type { FileHeader } from '../codec/fileHeader.ts'
import { CommandError } from './words.ts'

const longestName = 200

/** @throws CommandError where nothing of it is fit for a name */
export function fileNameOf({ name }: FileHeader): string {
  const [last = ''] = name.split(/[\\/]/).slice(-1)
  const safe = last
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>:"|?*]/gu, '_')
    .replace(/^[\s.-]+/, '')
    .slice(0, longestName)
    .trim()
  if (safe !== '') return safe
  throw new CommandError('The file in this message has no name that fits here. Say -o FILE.')
}
