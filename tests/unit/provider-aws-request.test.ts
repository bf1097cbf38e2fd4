// reference: AWS JSON 1.1. What AWS's clients send is read once and strictly; the tables of the wire are held
// against the schemas that the official client brings.

import * as client from '@aws-sdk/client-kms'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeUtf8 } from '../../src/codec/text.ts'
import { awsServices } from '../../src/protocol/awsServices.ts'
import { kmsOperations } from '../../src/protocol/kmsOperations.ts'
import { operations } from '../../src/protocol/operations.ts'
import { isPageOperation, pageAnswers } from '../../src/protocol/pageOperations.ts'
import { writeJson } from '../../src/provider/awsJson.ts'
import { readRequest } from '../../src/provider/awsRequest.ts'

const request = (operation: string, body: unknown) => ({
  headers: { 'X-Amz-Target': `TrentService.${operation}` },
  body,
})

const reason = (thrower: () => unknown): string => {
  try {
    thrower()
  } catch (error) {
    return (error as { reason: string }).reason
  }
  return 'none'
}

test('blobs are bytes, everything else is what it says', () => {
  const body = JSON.stringify({
    KeyId: 'AAEC',
    Plaintext: 'AAEC',
    EncryptionContext: { Plaintext: 'AAEC', 'Recipient.AttestationDocument': 'AAEC' },
    Recipient: { AttestationDocument: 'AAEC' },
    DryRun: null,
    GrantTokens: ['AAEC'],
  })
  const bytes = Uint8Array.of(0, 1, 2)
  const expected = {
    operation: 'kms:Encrypt',
    input: {
      KeyId: 'AAEC',
      Plaintext: bytes,
      EncryptionContext: { Plaintext: 'AAEC', 'Recipient.AttestationDocument': 'AAEC' },
      Recipient: { AttestationDocument: bytes },
      GrantTokens: ['AAEC'],
    },
  }
  expect(readRequest(request('Encrypt', body))).toEqual(expected)
  expect(readRequest(request('Encrypt', encodeUtf8(body)))).toEqual(expected)
  expect(readRequest(request('Encrypt', encodeUtf8(body).buffer))).toEqual(expected)
})

test('a view is read where it stands, and what becomes of it later changes nothing', () => {
  const whole = encodeUtf8('xx{"KeyId":"a"}xx')
  const { input } = readRequest(request('DescribeKey', whole.subarray(2, -2)))
  whole.fill(0)
  expect(input).toEqual({ KeyId: 'a' })
})

test.each([
  ['no base64', '{"Plaintext":"AAE"}'],
  ['base64 of the other alphabet', '{"Plaintext":"_-8="}'],
  ['base64 with bits left over', '{"Plaintext":"AAF="}'],
  ['base64 with a line end', '{"Plaintext":"AAEC\\n"}'],
  ['a number for bytes', '{"Plaintext":7}'],
  ['a list for bytes', '{"Plaintext":[0]}'],
  ['an object for bytes', '{"Plaintext":{}}'],
  ['nothing', ''],
  ['no JSON', '{"KeyId":'],
  ['a list', '[]'],
  ['a text', '"x"'],
  ['null', 'null'],
  ['a byte order mark', '\ufeff{}'],
  ['bytes that are not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d)],
  ['too much in one another', `{"EncryptionContext":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['no body', undefined],
  ['a body that is a number', 7],
  ['a Blob', new Blob(['{}'])],
])('a body that cannot be read: %s', (_what, body) => {
  expect(reason(() => readRequest(request('Encrypt', body)))).toBe('malformed-request')
})

test.each([undefined, null, 7, 'x', () => {}])('a request that is none: %s', (value) => {
  expect(reason(() => readRequest(value))).toMatch(/malformed-request|unknown-operation/)
})

test.each([
  'TrentService.__proto__',
  'TrentService.constructor',
  'TrentService.Encrypt.',
  'TrentService.encrypt',
  'TrentService.',
  'TrentService',
  'trentservice.Encrypt',
  'keyhearth.EncryptMessage',
  'kms.Encrypt',
  'DynamoDB_20120810.PutItem',
  '__proto__.Encrypt',
  '',
])('an operation that there is not: %j', (target) => {
  const read = () => readRequest({ headers: { 'x-amz-target': target }, body: '{}' }).operation
  // Either the service is none, or the relay, which has the names, will say so.
  expect(reason(read) === 'unknown-operation' || !isPageOperation(read())).toBe(true)
})

test('1 MiB is read, one byte more is not', () => {
  const body = (bytes: number) => `{"KeyId":"${'x'.repeat(bytes - 12)}"}`
  const limit = 1024 * 1024
  expect(reason(() => readRequest(request('DescribeKey', body(limit))))).toBe('none')
  expect(reason(() => readRequest(request('DescribeKey', body(limit + 1))))).toBe('too-large')
  expect(reason(() => readRequest(request('DescribeKey', new Uint8Array(limit + 1))))).toBe(
    'too-large',
  )
})

test('a member called __proto__ gives nothing its members', () => {
  const { input } = readRequest(
    request('Encrypt', '{"__proto__":{"KeyId":"a"},"EncryptionContext":{"__proto__":{"a":"b"}}}'),
  )
  expect(Object.getPrototypeOf(input)).toBe(Object.prototype)
  expect('KeyId' in input).toBe(false)
  expect(Object.keys(input)).toEqual(['__proto__', 'EncryptionContext'])
})

test('each object of the page is read once', () => {
  const reads = { headers: 0, body: 0, target: 0 }
  readRequest({
    get headers() {
      reads.headers++
      return {
        get 'x-amz-target'() {
          reads.target++
          return 'TrentService.ListKeys'
        },
      }
    },
    get body() {
      reads.body++
      return '{}'
    },
  })
  expect(reads).toEqual({ headers: 1, body: 1, target: 1 })
})

test('answers are written with base64 for bytes, however deep', () => {
  const text = new TextDecoder().decode(
    writeJson({ A: Uint8Array.of(0, 1, 2), B: [{ C: Uint8Array.of(3) }], D: 1.5, E: 'ü' }),
  )
  expect(text).toBe('{"A":"AAEC","B":[{"C":"Aw=="}],"D":1.5,"E":"ü"}')
})

test('whatever is given, what is wrong has a name', () => {
  const body = fc.oneof(fc.anything(), fc.json(), fc.uint8Array(), fc.json().map(encodeUtf8))
  const target = fc.constantFrom('TrentService.Encrypt', 'TrentService.ImportKeyMaterial', 'x')
  const http = fc.record({ headers: fc.record({ 'x-amz-target': target }), body })
  fc.assert(
    fc.property(fc.oneof(http, fc.anything()), (given) => {
      expect(reason(() => readRequest(given))).toMatch(
        /^(none|malformed-request|unknown-operation|too-large)$/,
      )
    }),
  )
})

/** The client's own schemas: `[kind, namespace, name, traits, ...]`, a reference being a function. */
type Schema = readonly unknown[] | number | (() => Schema)
const kinds = { simple: 0, list: 1, map: 2, structure: 3, operation: 9 } as const
const blobTypes: readonly unknown[] = [21, 42]

const resolve = (schema: Schema): Exclude<Schema, () => Schema> =>
  typeof schema === 'function' ? resolve(schema()) : schema

function blobsIn(schema: Schema, path: string): string[] {
  const found = resolve(schema)
  if (blobTypes.includes(found)) return [path]
  if (!Array.isArray(found)) return []
  const [first] = found
  // `[schema, traits]`: a member with traits of its own.
  if (typeof first === 'function' || Array.isArray(first)) return blobsIn(first, path)
  if (typeof first === 'number' && found.length === 2) return blobsIn(first, path)
  if (first === kinds.simple) return blobsIn(found[4], path)
  if (first === kinds.list) return blobsIn(found[4], `${path}[]`)
  if (first === kinds.map) return blobsIn(found[5], `${path}.*`)
  return membersOf(found).flatMap(([name, member]) =>
    blobsIn(member, path === '' ? name : `${path}.${name}`),
  )
}

function membersOf(schema: readonly unknown[]): (readonly [string, Schema])[] {
  if (schema[0] !== kinds.structure) return []
  const [names, schemas] = [schema[4] as readonly string[], schema[5] as readonly Schema[]]
  return names.map((name, i) => [name, schemas[i] ?? 0])
}

const operationSchemas = Object.values(client)
  .filter((value): value is never => Array.isArray(value) && value[0] === kinds.operation)
  .map((value: readonly unknown[]) => ({
    name: `kms:${value[2]}`,
    input: value[4] as Schema,
    output: value[5] as Schema,
  }))

test('the client’s operations are ours', () => {
  expect(operationSchemas.map(({ name }) => name).sort()).toEqual(Object.keys(kmsOperations).sort())
})

test('the table of blobs is the client’s', () => {
  const blobs = new Set(operationSchemas.flatMap(({ input }) => blobsIn(input, '')))
  expect([...blobs].sort()).toEqual([...(awsServices.get('TrentService')?.blobs ?? [])].sort())
})

/** What AWS answers and Keyhearth never does (docs/kms.md). */
const neverAnswered = ['CiphertextForRecipient', 'OnDemandRotationStartDate']

test.each(operationSchemas)('of $name, AWS’s members cross to a page', ({ name, output }) => {
  const schema = resolve(output)
  const members = Array.isArray(schema) ? membersOf(schema).map(([member]) => member) : []
  expect([...pageAnswers[name as keyof typeof pageAnswers]].sort()).toEqual(
    members.filter((member) => !neverAnswered.includes(member)).sort(),
  )
})

test('a page reaches the operations whose row says so', () => {
  const forPages = Object.entries(operations).filter(([, row]) =>
    (row.callers as readonly string[]).includes('page'),
  )
  expect(Object.keys(pageAnswers).sort()).toEqual(forPages.map(([name]) => name).sort())
})
