// ui: what the person sees; speaks the protocol like any other client. This file: what the generator is to make, and
// what it made before, kept encrypted as drafts are.

import { type PassphraseOptions, randomPassphrase } from '../items/passphrase.ts'
import { randomPassword } from '../items/randomPassword.ts'

export interface GeneratorChoice {
  readonly kind: 'password' | 'passphrase'
  readonly length: number
  readonly uppercase: boolean
  readonly lowercase: boolean
  readonly numbers: boolean
  readonly punctuation: boolean
  readonly alike: boolean
  readonly words: number
  readonly separator: string
  readonly capitals: boolean
  readonly digit: boolean
}

interface Generated {
  readonly text: string
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface GeneratorState {
  readonly choice: GeneratorChoice
  /** Newest first. */
  readonly history: readonly Generated[]
}

const usual: GeneratorChoice = {
  kind: 'password',
  length: 20,
  uppercase: true,
  lowercase: true,
  numbers: true,
  punctuation: true,
  alike: false,
  words: 6,
  separator: '-',
  capitals: false,
  digit: false,
}

export const noneGenerated: GeneratorState = { choice: usual, history: [] }

const mostKept = 100

export function readGenerated(kept: unknown): GeneratorState | null {
  const { choice, history } = (kept ?? {}) as Partial<GeneratorState>
  if (typeof choice !== 'object' || !Array.isArray(history)) return null
  return { choice: { ...usual, ...choice }, history }
}

/** Pure. */
export const withGenerated = (
  { choice, history }: GeneratorState,
  text: string,
  at: number,
): GeneratorState => ({
  choice,
  history: [{ text, at }, ...history.filter((one) => one.text !== text)].slice(0, mostKept),
})

export interface Made {
  readonly text: string
  readonly bits: number
}

const alike = '0Oo1lI|'

/** `null` where nothing can be made of the choices. */
export async function generate(choice: GeneratorChoice): Promise<Made | null> {
  const { kind, words, separator, capitals, digit } = choice
  if (kind === 'password') return generatePassword(choice)
  const options: PassphraseOptions = { words, separator, capitals, digit }
  const made = await randomPassphrase(options)
  return 'problem' in made ? null : { text: made.passphrase, bits: made.entropyBits }
}

function generatePassword(choice: GeneratorChoice): Made | null {
  const made = randomPassword({
    PasswordLength: choice.length,
    ExcludeUppercase: !choice.uppercase,
    ExcludeLowercase: !choice.lowercase,
    ExcludeNumbers: !choice.numbers,
    ExcludePunctuation: !choice.punctuation,
    ExcludeCharacters: choice.alike ? alike : '',
  })
  return 'problem' in made ? null : { text: made.password, bits: made.entropyBits }
}
