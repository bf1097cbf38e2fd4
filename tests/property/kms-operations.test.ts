// Any input to any operation of KMS: a named error or an answer, never a word of the inside, and nothing
// changed where it was refused.

import fc from 'fast-check'
import type * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { errorReasons } from '../../src/protocol/errors.ts'
import { kmsOperations } from '../../src/protocol/kmsOperations.ts'
import type { Call } from '../../src/protocol/messages.ts'
import { inputs } from '../../src/protocol/schemas.ts'
import { Background, page, passphrase, person } from '../unit/background.ts'

const runs = Number(process.env['KEYHEARTH_RUNS'] ?? 40)
const names = Object.keys(kmsOperations) as (keyof typeof kmsOperations)[]
const origin = 'https://app.example'

let background: Background
const known: string[] = []

beforeAll(async () => {
  background = await Background.withVault()
  await allow()
  for (const [KeySpec, KeyUsage] of [
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'],
    ['ECC_NIST_P256', 'SIGN_VERIFY'],
    ['ECC_NIST_P256', 'KEY_AGREEMENT'],
    ['HMAC_256', 'GENERATE_VERIFY_MAC'],
    ['ML_KEM_768', 'ENCAPSULATE_DECAPSULATE'],
  ] as const) {
    for (const principal of [person, page(origin)]) {
      const made = await background.call('kms:CreateKey', { KeySpec, KeyUsage }, principal)
      known.push(made.KeyMetadata.KeyId, made.KeyMetadata.Arn)
    }
  }
  const { KeyMetadata } = await background.call('kms:CreateKey', { Origin: 'EXTERNAL' })
  known.push(KeyMetadata.KeyId)
})

/** The page has every right it can have: what it is refused, it is refused by KMS. */
async function allow() {
  const request = await background.requests.add(
    page(origin),
    'connect',
    ['messages', 'keys'],
    Date.now(),
  )
  const input = { RequestId: request.RequestId, Decision: 'site' } as const
  await background.call('keyhearth:DecideRequest', input, { kind: 'person', page: 'consent' })
}

const bytes = fc
  .oneof(fc.constantFrom(0, 1, 12, 32, 48, 64, 256, 4096, 4097, 6144), fc.nat(80))
  .chain((length) => fc.uint8Array({ minLength: length, maxLength: length }))
  .map((one) => new Uint8Array(one))
const text = fc.oneof(
  fc.string({ maxLength: 60, unit: 'grapheme' }),
  fc.string({ maxLength: 40, unit: 'binary' }),
  fc.constantFrom(
    '',
    'alias/a',
    'alias/aws/s3',
    'alias/',
    'arn:aws:kms:browser-1:000000000000:key/x',
    'browser-1',
    'default',
    '__proto__',
    'constructor',
    'a'.repeat(9000),
    '\ud800',
    '{}',
    '{"Version":"2012-10-17","Statement":[]}',
    '*',
    'https://app.example',
  ),
  fc.nat().map((n) => known[n % known.length] ?? ''),
)
const number = fc.oneof(
  fc.constantFrom(-1, 0, 1, 7, 30, 31, 90, 100, 1000, 1024, 2560, 1.5, Number.NaN, 2 ** 53, 1e300),
  fc.integer(),
)
/** As JSON makes it: `__proto__` is an own member. */
const hostile = fc.constantFrom(
  ...[
    '{"__proto__":{"x":"y"}}',
    '{"__proto__":"x"}',
    '{"constructor":"x"}',
    '{"a":{"b":1}}',
    '[[]]',
  ].map((json) => JSON.parse(json) as unknown),
)
const map = fc.dictionary(text, text, { maxKeys: 4 })
const anything = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 2, arbitrary: number },
  { weight: 3, arbitrary: bytes },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 2, arbitrary: map },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 4 }) },
  { weight: 1, arbitrary: hostile },
  { weight: 1, arbitrary: fc.constantFrom(null, undefined, 1n, Symbol.iterator, () => 1) },
)

type Schema = v.GenericSchema & {
  readonly type: string
  readonly wrapped?: Schema
  readonly pipe?: readonly Schema[]
  readonly options?: readonly string[]
  readonly item?: Schema
  readonly entries?: Readonly<Record<string, Schema>>
}

/** Something the schema may well take: then the operation itself is reached. */
function plausible(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.wrapped) return plausible(schema.wrapped)
  const [first] = schema.pipe ?? []
  if (first && first !== schema) return plausible(first)
  switch (schema.type) {
    case 'picklist':
      return fc.constantFrom(...(schema.options ?? []))
    case 'string':
      return text
    case 'number':
      return number
    case 'boolean':
      return fc.boolean()
    case 'instance':
      return bytes
    case 'array':
      return schema.item ? fc.array(plausible(schema.item), { maxLength: 3 }) : anything
    case 'strict_object':
      return object(schema)
    default:
      return map
  }
}

function object(schema: Schema): fc.Arbitrary<Record<string, unknown>> {
  const members = Object.entries(schema.entries ?? {}).map(([name, entry]) => {
    const optional = entry.type === 'exact_optional'
    const value = fc.oneof(
      { weight: 8, arbitrary: plausible(entry) },
      { weight: 1, arbitrary: anything },
    )
    return [name, { value, optional }] as const
  })
  const model = Object.fromEntries(members.map(([name, { value }]) => [name, value]))
  const requiredKeys = members.filter(([, { optional }]) => !optional).map(([name]) => name)
  return fc.record(model, { requiredKeys })
}

const inputFor = (name: keyof typeof kmsOperations): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 8, arbitrary: object(inputs[name] as unknown as Schema) },
    { weight: 1, arbitrary: anything },
    { weight: 1, arbitrary: fc.dictionary(text, anything, { maxKeys: 3 }) },
  )

const inside =
  /node_modules|\.tsx?\b|\bat \w+ \(|TypeError|RangeError|is not a function|\[object|fake-indexeddb/

const revision = async () => (await background.db.get('vault', 'manifest'))?.['revision' as never]

afterAll(async () => {
  const trail = await background.call('keyhearth:VerifyTrail', {})
  expect(trail.Intact).toBe(true)
})

describe.each(names)('%s', (operation) => {
  test('answers anything with an answer or a named error', async () => {
    const who = fc.constantFrom(person, page(origin))
    await fc.assert(
      fc.asyncProperty(inputFor(operation), who, async (input, principal) => {
        const before = await revision()
        const call = { keyhearth: 1, type: 'call', id: crypto.randomUUID(), operation, input }
        const reply = await background.gate.answer(principal, call as Call)
        if (reply.ok) return
        if ('wait' in reply) throw new Error('waits')
        expect(Object.keys(reply.error).sort()).toEqual(['code', 'details', 'message', 'reason'])
        expect(errorReasons).toContain(reply.error.reason)
        expect(reply.error.reason).not.toBe('internal')
        const words = `${reply.error.message} ${Object.values(reply.error.details).join(' ')}`
        expect(words).not.toMatch(inside)
        expect(words).not.toContain(passphrase)
        expect(words.length).toBeLessThan(2000)
        expect(await revision()).toBe(before)
      }),
      { numRuns: runs },
    )
  })
})
