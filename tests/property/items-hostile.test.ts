// Whatever text comes in: addresses of codes are refused or understood, never thrown over; a site is never taken
// for another.

import fc from 'fast-check'
import { getDomain } from 'tldts'
import { expect, test } from 'vitest'
import { matcher } from '../../src/items/match.ts'
import { oneTimeCode, readOneTimeSecret, writeOneTimeAddress } from '../../src/items/oneTimeCode.ts'
import { sortKey } from '../../src/items/sortKey.ts'

const numRuns = process.env['KEYHEARTH_LONG'] === '1' ? 20_000 : 1000

const bits = fc.constantFrom(
  ...[
    'otpauth://',
    'totp',
    'hotp',
    'steam',
    '/',
    '?',
    '&',
    '=',
    'secret=',
    'GEZDGNBV',
    'digits=',
    'period=',
  ],
  ...[
    'algorithm=',
    'SHA1',
    '0',
    '8',
    '-1',
    '1e9',
    '%',
    '%00',
    '%41',
    '#',
    ':',
    '@',
    '\u0000',
    '__proto__',
  ],
)
const address = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(bits).map((list) => list.join('')),
  fc.array(bits).map((list) => `otpauth://totp/a?secret=GEZDGNBV${list.join('')}`),
)

test('an address of codes is refused by name, or gives codes and comes back as it was', () => {
  const property = fc.property(address, fc.nat(2 ** 40), (text, atMs) => {
    const read = readOneTimeSecret(text)
    if ('problem' in read) return
    const { code, next, secondsLeft } = oneTimeCode(read, atMs)
    const pattern = read.type === 'steam' ? /^[2-9B-Y]{5}$/ : /^\d{6,8}$/
    expect(code).toMatch(pattern)
    expect(next).toMatch(pattern)
    expect(secondsLeft).toBeGreaterThan(0)
    expect(secondsLeft).toBeLessThanOrEqual(read.periodSeconds)
    const { issuer, account, ...rest } = read
    expect(readOneTimeSecret(writeOneTimeAddress(read))).toMatchObject(rest)
    expect(`${issuer}${account}`).not.toMatch(/\p{Cc}/u)
  })
  fc.assert(property, { numRuns })
})

const label = fc.constantFrom(
  'example',
  'evil',
  'com',
  'co',
  'uk',
  'github',
  'io',
  'net',
  'www',
  'xn--bcher-kva',
)
const host = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => labels.join('.'))
const between = fc.constantFrom(
  '.',
  '@',
  '/',
  '\\',
  '#',
  '?',
  ':',
  '%2e',
  '%40',
  '。',
  '\t',
  '',
  '-',
)

test('an address fits a tab only where their hosts are equal or of one registrable domain', () => {
  const joined = fc.tuple(host, between, host).map((parts) => parts.join(''))
  const property = fc.property(joined, joined, (item, page) => {
    const tab = `https://${page}`
    if (matcher(tab)([`https://${item}`]) === null) return
    const [a, b] = [new URL(`https://${item}`).hostname, new URL(tab).hostname]
    const site = (name: string) => getDomain(name, { allowPrivateDomains: true })
    expect(a === b || (site(a) !== null && site(a) === site(b))).toBe(true)
  })
  fc.assert(property, { numRuns })
})

test('numbers sort by their size, wherever they stand', () => {
  const number = fc.bigInt({ min: 0n, max: 10n ** 40n })
  const property = fc.property(number, number, fc.nat(20), (a, b, zeros) => {
    const key = (value: bigint) => sortKey(`no ${'0'.repeat(zeros)}${value} b`)
    expect(sortKey(`no ${a} b`) < key(b)).toBe(a < b)
    expect(sortKey(`no ${a} b`) === key(b)).toBe(a === b)
  })
  fc.assert(property, { numRuns })
})
