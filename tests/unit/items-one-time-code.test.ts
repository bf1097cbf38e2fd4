// One-time codes against RFC 6238 appendix B, and addresses as sites, authenticators and attackers write them.

import { describe, expect, test } from 'vitest'
import {
  type OneTimeSecret,
  oneTimeCode,
  readOneTimeSecret,
  writeOneTimeAddress,
} from '../../src/items/oneTimeCode.ts'

// RFC 6238 appendix B, with the seeds of erratum 2866: 20, 32 and 64 bytes of "1234567890…".
const seeds = {
  SHA1: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  SHA256: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA',
  SHA512:
    'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA',
}
const vectors = [
  [59, 'SHA1', '94287082'],
  [59, 'SHA256', '46119246'],
  [59, 'SHA512', '90693936'],
  [1111111109, 'SHA1', '07081804'],
  [1111111109, 'SHA256', '68084774'],
  [1111111109, 'SHA512', '25091201'],
  [1111111111, 'SHA1', '14050471'],
  [1111111111, 'SHA256', '67062674'],
  [1111111111, 'SHA512', '99943326'],
  [1234567890, 'SHA1', '89005924'],
  [1234567890, 'SHA256', '91819424'],
  [1234567890, 'SHA512', '93441116'],
  [2000000000, 'SHA1', '69279037'],
  [2000000000, 'SHA256', '90698825'],
  [2000000000, 'SHA512', '38618901'],
  [20000000000, 'SHA1', '65353130'],
  [20000000000, 'SHA256', '77737706'],
  [20000000000, 'SHA512', '47863826'],
] as const

function read(text: string): OneTimeSecret {
  const found = readOneTimeSecret(text)
  if ('problem' in found) throw new Error(`${found.problem}: ${text}`)
  return found
}

test.each(vectors)('RFC 6238 appendix B: at %d with %s', (seconds, algorithm, code) => {
  const address = `otpauth://totp/a?secret=${seeds[algorithm]}&algorithm=${algorithm}&digits=8`
  expect(oneTimeCode(read(address), seconds * 1000).code).toBe(code)
})

describe('the codes at a time', () => {
  const secret = read(seeds.SHA1)

  test('the next one is the code of the next period', () => {
    expect(oneTimeCode(secret, 1111111109_000).next).toBe(oneTimeCode(secret, 1111111111_000).code)
  })

  test.each([
    [0, 30],
    [999, 30],
    [1_000, 29],
    [29_000, 1],
    [29_999, 1],
    [30_000, 30],
  ])('%d ms into a period, %d seconds are left', (ms, left) => {
    expect(oneTimeCode(secret, ms).secondsLeft).toBe(left)
  })

  test('a period of a minute is kept to', () => {
    const minute = read(`otpauth://totp/a?secret=${seeds.SHA1}&period=60`)
    expect(oneTimeCode(minute, 59_000)).toMatchObject({ secondsLeft: 1, periodSeconds: 60 })
    expect(oneTimeCode(minute, 59_000).code).toBe(oneTimeCode(secret, 0).code)
  })
})

describe('Steam', () => {
  // Steam's alphabet over the truncated numbers of RFC 4226 appendix D: 1284755224 for counter 0, 1094287082 for 1.
  const inSteamLetters = (number: number) => {
    const letters = '23456789BCDFGHJKMNPQRTVWXY'
    return [0, 1, 2, 3, 4].map((place) => letters[Math.floor(number / 26 ** place) % 26]).join('')
  }

  test.each([
    `steam://${seeds.SHA1}`,
    `otpauth://steam/Steam:gabe?secret=${seeds.SHA1}&issuer=Steam`,
    `otpauth://totp/Steam:gabe?secret=${seeds.SHA1}&issuer=Steam&digits=5&encoder=steam`,
  ])('%s gives five letters', (address) => {
    const codes = oneTimeCode(read(address), 0)
    expect(codes.code).toBe(inSteamLetters(1284755224))
    expect(codes.next).toBe(inSteamLetters(1094287082))
  })
})

describe('addresses', () => {
  test('all parameters are read', () => {
    const address =
      'otpauth://totp/ACME%20Co:john.doe@example.com?secret=HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ&issuer=ACME%20Co&algorithm=SHA512&digits=7&period=45&image=https://x'
    expect(read(address)).toEqual({
      type: 'totp',
      secret: 'HXDMVJECJJWSRB3HWIZR4IFUGFTMXBOZ',
      algorithm: 'SHA512',
      digits: 7,
      periodSeconds: 45,
      issuer: 'ACME Co',
      account: 'john.doe@example.com',
    })
  })

  test.each([
    ['GEZD GNBV GY3T', 'GEZDGNBVGY3T'],
    ['gezd-gnbv-gy3t', 'GEZDGNBVGY3T'],
    ['  JBSWY3DPEE======\n', 'JBSWY3DPEE'],
  ])('%j is a secret', (text, secret) => {
    expect(read(text)).toMatchObject({ secret, digits: 6, periodSeconds: 30, algorithm: 'SHA1' })
  })

  test.each([
    ['otpauth://totp/Example:alice?secret=GEZDGNBV', 'Example', 'alice'],
    ['otpauth://totp/Example%3A%20alice?secret=GEZDGNBV', 'Example', 'alice'],
    ['otpauth://totp/alice?secret=GEZDGNBV&issuer=Example', 'Example', 'alice'],
    ['otpauth://totp/?secret=GEZDGNBV', '', ''],
    ['otpauth://totp?secret=GEZDGNBV', '', ''],
    ['otpauth://totp/a%0Ab%E2%80%A8c?secret=GEZDGNBV', '', 'a b c'],
    ['OTPAUTH://TOTP/A:b?SECRET=gezdgnbv&Issuer=C', 'C', 'b'],
  ])('%s names %j, %j', (address, issuer, account) => {
    expect(read(address)).toMatchObject({ issuer, account })
  })

  test.each([
    ['', 'empty'],
    ['  \n', 'empty'],
    ['A'.repeat(2049), 'too-long'],
    ['A'.repeat(257), 'secret-too-long'],
    [`otpauth://totp/a?secret=${'A'.repeat(257)}`, 'secret-too-long'],
    ['otpauth://hotp/a?secret=GEZDGNBV&counter=1', 'counter-based'],
    ['otpauth://yotp/a?secret=GEZDGNBV', 'unknown-type'],
    ['otpauth:///a?secret=GEZDGNBV', 'unknown-type'],
    ['otpauth://__proto__/a?secret=GEZDGNBV', 'unknown-type'],
    ['otpauth:totp?secret=GEZDGNBV', 'malformed-address'],
    ['otpauth://totp/%zz?secret=GEZDGNBV', 'malformed-address'],
    ['otpauth://totp/%ff?secret=GEZDGNBV', 'malformed-address'],
    ['otpauth://totp/a', 'no-secret'],
    ['otpauth://totp/a?secret=', 'no-secret'],
    ['otpauth://totp/a?secret=GEZDGNBV&secret=AAAAAAAA', 'repeated-parameter'],
    ['otpauth://totp/a?secret=GEZDGNBV&Secret=AAAAAAAA', 'repeated-parameter'],
    ['otpauth://totp/a?secret=GEZDGNB1', 'not-base32'],
    ['otpauth://totp/a?secret=G', 'not-base32'],
    ['otpauth://totp/a?secret=GEZD%00NBV', 'not-base32'],
    ['otpauth://totp/a?secret=GE=ZDGNBV', 'not-base32'],
    ['steam://', 'not-base32'],
    ['steam://GEZD/../x', 'not-base32'],
    ['https://example.com', 'not-base32'],
    ['correct horse battery 0', 'not-base32'],
    ['ＧＥＺＤ', 'not-base32'],
    ['ſſſſ', 'not-base32'],
    ['otpauth://totp/a?secret=GEZDGNBV&algorithm=MD5', 'unknown-algorithm'],
    ['otpauth://totp/a?secret=GEZDGNBV&algorithm=__proto__', 'unknown-algorithm'],
    ['otpauth://totp/a?secret=GEZDGNBV&algorithm=', 'unknown-algorithm'],
    ['otpauth://totp/a?secret=GEZDGNBV&digits=0', 'digits-out-of-range'],
    ['otpauth://totp/a?secret=GEZDGNBV&digits=9', 'digits-out-of-range'],
    ['otpauth://totp/a?secret=GEZDGNBV&digits=6.5', 'digits-out-of-range'],
    ['otpauth://totp/a?secret=GEZDGNBV&digits=1e1', 'digits-out-of-range'],
    ['otpauth://totp/a?secret=GEZDGNBV&period=0', 'period-out-of-range'],
    ['otpauth://totp/a?secret=GEZDGNBV&period=-30', 'period-out-of-range'],
    ['otpauth://totp/a?secret=GEZDGNBV&period=86401', 'period-out-of-range'],
    ['otpauth://totp/a?secret=GEZDGNBV&period=Infinity', 'period-out-of-range'],
  ])('%j is refused: %s', (text, problem) => {
    expect(readOneTimeSecret(text)).toEqual({ problem })
  })
})

test('what is written is read back', () => {
  const samples: OneTimeSecret[] = [
    {
      type: 'totp',
      secret: 'GEZDGNBVGY3TQOJQ',
      algorithm: 'SHA256',
      digits: 8,
      periodSeconds: 60,
      issuer: 'A & B: ?#/%',
      account: 'ünï:codé@example.com',
    },
    { ...read(`steam://${seeds.SHA1}`), account: 'gabe' },
    read('GEZDGNBVGY3TQOJQ'),
  ]
  for (const sample of samples) expect(read(writeOneTimeAddress(sample))).toEqual(sample)
})
