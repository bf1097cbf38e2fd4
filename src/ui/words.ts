// ui: what the person sees; speaks the protocol like any other client. This file: its words, all from
// locales/.

import { type GeneratedI18nStructure, i18n } from '#i18n'
import { type ErrorReason, KeyhearthError } from '../protocol/errors.ts'

type Keys = GeneratedI18nStructure
/** The messages that take so many substitutions, and a number where they have a plural. */
type Taking<Count extends number, Plural extends boolean = false> = {
  [Key in keyof Keys]: Keys[Key] extends { substitutions: Count; plural: Plural } ? Key : never
}[keyof Keys]
type Word = string | number

/**
 * The library's own type, written out: that one is worked out over all messages at each of a thousand calls, which is
 * most of what checking the types of all of Keyhearth took.
 */
interface Words {
  (key: Taking<0>): string
  (key: Taking<1>, substitutions: [$1: Word]): string
  (key: Taking<2>, substitutions: [$1: Word, $2: Word]): string
  (key: Taking<3>, substitutions: [$1: Word, $2: Word, $3: Word]): string
  (key: Taking<4>, substitutions: [$1: Word, $2: Word, $3: Word, $4: Word]): string
  (key: Taking<1, true>, n: number, substitutions?: [$1: Word]): string
  (key: Taking<2, true>, n: number, substitutions: [$1: Word, $2: Word]): string
}

export const t: Words = i18n.t

type ErrorKey = `error_${ErrorReason extends infer Reason extends string ? Reason : never}`

/** What went wrong and what to do, in the person's words. */
export function errorWords(error: unknown): string {
  const known = error instanceof KeyhearthError ? error : new KeyhearthError('internal')
  const key = `error_${known.reason.replaceAll('-', '_')}` as ErrorKey
  return t(key as never, Object.values(known.details) as never)
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Seconds since 1970, as outputs carry them. */
export const dateWords = (seconds: number): string => day.format(seconds * 1000)

const dayOnly = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' })

/** Seconds since 1970, without the time of day. */
export const dayWords = (seconds: number): string => dayOnly.format(seconds * 1000)

const utcDayOnly = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })

/** Of a day that is known as one of UTC: the beginning of it may be the day before here. */
export const utcDayWords = (seconds: number): string => utcDayOnly.format(seconds * 1000)

const timeOnly = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

/** Seconds since 1970, without the day. */
export const timeWords = (seconds: number): string => timeOnly.format(seconds * 1000)
