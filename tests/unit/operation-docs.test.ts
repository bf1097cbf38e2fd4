// docs/kms.md, docs/primitives.md and docs/secrets.md tell what the tables of the code say, and those are AWS's.

import { readFileSync } from 'node:fs'
import * as kms from '@aws-sdk/client-kms'
import * as secretsManager from '@aws-sdk/client-secrets-manager'
import { expect, test } from 'vitest'
import { documents, withTables } from '../../scripts/operationDocs.ts'
import { kmsOperations } from '../../src/protocol/kmsOperations.ts'
import { secretsInputs } from '../../src/protocol/secretsInputs.ts'
import { secretsOperations } from '../../src/protocol/secretsOperations.ts'

test.each(Object.keys(documents) as (keyof typeof documents)[])(
  'the tables of %s are the code’s (node scripts/operationDocs.ts writes them)',
  (document) => {
    const text = readFileSync(document, 'utf8')
    expect(withTables(document, text)).toBe(text)
  },
)

test.each([
  ['KMS', kms, kmsOperations, 56],
  ['Secrets Manager', secretsManager, secretsOperations, 23],
])(
  'the operations of %s are those of AWS’s current client, all of them',
  (_name, client, table, count) => {
    const commands = Object.keys(client).flatMap((name) => /^(\w+)Command$/.exec(name)?.[1] ?? [])
    const ours = Object.keys(table).map((name) => name.slice(name.indexOf(':') + 1))
    expect(ours.sort()).toEqual(commands.filter((name) => name !== '$').sort())
    expect(ours).toHaveLength(count)
  },
)

/** A schema of the client's: kind, namespace, name, traits, members. */
type ClientSchema = readonly [number, string, string, unknown, readonly string[]]

test('every member of every request of Secrets Manager’s client is known here', () => {
  const client = new Map<string, unknown>(Object.entries(secretsManager))
  for (const [name, schema] of Object.entries(secretsInputs)) {
    const request = client.get(`${name.slice(name.indexOf(':') + 1)}Request$`)
    const [, , , , members] = request as ClientSchema
    expect(Object.keys(schema.entries).sort(), name).toEqual([...members].sort())
  }
})
