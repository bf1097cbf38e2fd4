// What codec/text makes of base64 and hex, for comparing: in this process, or in a Node of its own that has the
// browsers' built-in functions (run as a program; cases on stdin, outcomes on stdout).

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import {
  decodeBase64,
  decodeBase64Unpadded,
  decodeBase64Url,
  decodeHex,
  encodeBase64,
  encodeBase64Url,
  encodeHex,
} from '../../src/codec/text.ts'

export interface Cases {
  readonly texts: readonly string[]
  readonly bytes: readonly (readonly number[])[]
}

export type Outcome = readonly [function_: string, result: string]

const decoders = { decodeBase64, decodeBase64Unpadded, decodeBase64Url, decodeHex }
const encoders = { encodeBase64, encodeBase64Url, encodeHex }

export const refusedOr = (give: () => string): string => {
  try {
    return give()
  } catch {
    return 'refused'
  }
}

export const outcomesByHand = ({ texts, bytes }: Cases): Outcome[] => [
  ...Object.entries(decoders).flatMap(([name, decode]) =>
    texts.map((one): Outcome => [name, refusedOr(() => [...decode(one)].join())]),
  ),
  ...Object.entries(encoders).flatMap(([name, encode]) =>
    bytes.map((one): Outcome => [name, encode(Uint8Array.from(one))]),
  ),
]

export function outcomesBuiltIn(cases: Cases): Outcome[] {
  const program = fileURLToPath(import.meta.url)
  const options = { input: JSON.stringify(cases), encoding: 'utf8' } as const
  const { stdout, stderr } = spawnSync(process.execPath, ['--js-base-64', program], options)
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!('fromBase64' in Uint8Array)) throw new Error('This Node has no built-in base64.')
  process.stdout.write(JSON.stringify(outcomesByHand(JSON.parse(readFileSync(0, 'utf8')))))
}
