// docs/kms.md tells what the tables of the code say.

import { readFileSync } from 'node:fs'
import * as kms from '@aws-sdk/client-kms'
import { expect, test } from 'vitest'
import { withTables } from '../../scripts/kmsDocs.ts'
import { kmsOperations } from '../../src/protocol/kmsOperations.ts'

test('the tables of docs/kms.md are the code’s (node scripts/kmsDocs.ts writes them)', () => {
  const text = readFileSync('docs/kms.md', 'utf8')
  expect(withTables(text)).toBe(text)
})

test('the operations are those of AWS’s current client, all of them', () => {
  const commands = Object.keys(kms).flatMap((name) => /^(\w+)Command$/.exec(name)?.[1] ?? [])
  const ours = Object.keys(kmsOperations).map((name) => name.slice('kms:'.length))
  expect(ours.sort()).toEqual(commands.filter((name) => name !== '$').sort())
  expect(ours).toHaveLength(56)
})
