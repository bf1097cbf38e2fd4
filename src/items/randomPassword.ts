// items: what people keep, and what is made of it; pure. This file: random passwords, with the options of
// Secrets Manager's GetRandomPassword under AWS's own names.
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html

import { drawer } from './draw.ts'

export interface RandomPasswordOptions {
  /** 1 to 4096; 32 where it is not said. */
  readonly PasswordLength?: number | undefined
  /** Up to 4096 characters. */
  readonly ExcludeCharacters?: string | undefined
  readonly ExcludeNumbers?: boolean | undefined
  readonly ExcludePunctuation?: boolean | undefined
  readonly ExcludeUppercase?: boolean | undefined
  readonly ExcludeLowercase?: boolean | undefined
  readonly IncludeSpace?: boolean | undefined
  /** At least one upper-case letter, lower-case letter, number and punctuation mark, of those included; on by default. */
  readonly RequireEachIncludedType?: boolean | undefined
}

export type RandomPasswordProblem =
  | 'length-out-of-range'
  | 'too-many-excluded-characters'
  | 'nothing-left'
  | 'too-short-for-each-type'

export interface RandomPassword {
  readonly password: string
  /** How many bits it takes to name one of the equally likely passwords these options give. */
  readonly entropyBits: number
}

const lowercase = 'abcdefghijklmnopqrstuvwxyz'
const uppercase = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const numbers = '0123456789'
/** All of ASCII's, which is what AWS lists. */
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

const defaultLength = 32
const maxLength = 4096
const maxExcludedLength = 4096

export function randomPassword(
  options: RandomPasswordOptions = {},
): RandomPassword | { readonly problem: RandomPasswordProblem } {
  const length = options.PasswordLength ?? defaultLength
  if (!Number.isInteger(length) || length < 1 || length > maxLength) {
    return { problem: 'length-out-of-range' }
  }
  const excluded = options.ExcludeCharacters ?? ''
  if (excluded.length > maxExcludedLength) return { problem: 'too-many-excluded-characters' }
  const types = includedTypes(options, new Set(excluded))
  const space = options.IncludeSpace && !excluded.includes(' ') ? ' ' : ''
  const all = types.join('') + space
  if (all === '') return { problem: 'nothing-left' }
  // The space is allowed, never asked for: AWS names four types that each must be there.
  const required = (options.RequireEachIncludedType ?? true) ? types : []
  if (length < required.length) return { problem: 'too-short-for-each-type' }
  return {
    password: drawPassword(length, all, required),
    entropyBits: countBits(length, all.length, required),
  }
}

/** A type of which ExcludeCharacters leaves nothing is not included, so not required either. */
function includedTypes(options: RandomPasswordOptions, excluded: ReadonlySet<string>): string[] {
  const types = [
    options.ExcludeLowercase ? '' : lowercase,
    options.ExcludeUppercase ? '' : uppercase,
    options.ExcludeNumbers ? '' : numbers,
    options.ExcludePunctuation ? '' : punctuation,
  ]
  return types
    .map((type) => [...type].filter((character) => !excluded.has(character)).join(''))
    .filter((type) => type !== '')
}

/**
 * Drawing anew until each type is there keeps all such passwords equally likely; putting one of each in would
 * not. Hardest are four characters of 32 punctuation marks and one each of the rest: 2,000 attempts, about 1 ms.
 */
function drawPassword(length: number, all: string, required: readonly string[]): string {
  const draw = drawer()
  for (;;) {
    const password = Array.from({ length }, () => all[draw(all.length)]).join('')
    if (required.every((type) => hasAnyOf(password, type))) return password
  }
}

const hasAnyOf = (password: string, type: string): boolean =>
  [...password].some((character) => type.includes(character))

/** log2 of how many passwords have each required type: by inclusion and exclusion over the types left out. */
function countBits(length: number, allCount: number, required: readonly string[]): number {
  let share = 0
  for (let subset = 0; subset < 2 ** required.length; subset++) {
    const leftOut = required.filter((_type, index) => (subset >> index) & 1)
    const left = allCount - leftOut.join('').length
    share += (leftOut.length % 2 === 0 ? 1 : -1) * (left / allCount) ** length
  }
  return length * Math.log2(allCount) + Math.log2(share)
}
