// Where the public test vectors are: beside the checkout, or where KEYHEARTH_VECTORS says.

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'vitest'

export const vectorsFolder =
  process.env['KEYHEARTH_VECTORS'] ?? join(import.meta.dirname, '../../../shared/vectors')

export const readVector = (path: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(join(vectorsFolder, path)))

/** Not checked further: the files are known, and a test that reads them wrongly fails. */
export const readVectorJson = <T>(path: string): T =>
  JSON.parse(readFileSync(join(vectorsFolder, path), 'utf8')) as T

/** The tests of one collection, or one skipped test that says why. */
export function describeVectors(path: string, tests: () => void): void {
  if (existsSync(join(vectorsFolder, path))) describe(path, tests)
  else
    test.skip(`${path}: not in ${vectorsFolder}; KEYHEARTH_VECTORS names the folder of vectors`, () => {})
}
