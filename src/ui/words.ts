// ui: what the person sees; speaks the protocol like any other client. This file: its words, all from
// locales/.

import { i18n } from '#i18n'
import { type ErrorReason, KeyhearthError } from '../protocol/errors.ts'

export const { t } = i18n

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

const timeOnly = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

/** Seconds since 1970, without the day. */
export const timeWords = (seconds: number): string => timeOnly.format(seconds * 1000)
