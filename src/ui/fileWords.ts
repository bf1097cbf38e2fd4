// ui: what the person sees; speaks the protocol like any other client. This file: sizes, rates and times of
// work on files, in words.

import { FileHeaderError } from '../codec/fileHeader.ts'
import { KeyhearthError } from '../protocol/errors.ts'
import { errorWords, t } from './words.ts'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** In the person's language, with one digit after the comma from kilobytes on. */
export function sizeWords(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3))
  const unit = units[power] ?? 'byte'
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit,
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: power === 0 ? 0 : 1,
  }).format(bytes / 1000 ** power)
}

function timeLeft(seconds: number): string {
  const short = seconds < 60
  return new Intl.NumberFormat(undefined, {
    style: 'unit',
    unit: short ? 'second' : 'minute',
    unitDisplay: 'long',
    maximumFractionDigits: 0,
  }).format(Math.max(1, Math.round(short ? seconds : seconds / 60)))
}

/** Rate and time left; nothing in the first second, when both would be guesses. */
export function paceWords(bytes: number, size: number, startedAt: number, now: number): string {
  const seconds = (now - startedAt) / 1000
  if (seconds < 1 || bytes === 0) return ''
  const rate = bytes / seconds
  return t('files_pace', [sizeWords(rate), timeLeft((size - bytes) / rate)])
}

/** The browser's own refusals besides Keyhearth's. */
export function fileErrorWords(error: unknown): string {
  if (error instanceof KeyhearthError) {
    return error.reason === 'message-none' ? t('files_error_none') : errorWords(error)
  }
  if (error instanceof FileHeaderError) return errorWords(new KeyhearthError('message-malformed'))
  const { name } = error as DOMException
  switch (name) {
    case 'QuotaExceededError':
      return t('files_error_full')
    case 'NotReadableError':
    case 'NotFoundError':
      return t('files_error_unreadable')
    case 'NotAllowedError':
    case 'NoModificationAllowedError':
      return t('files_error_denied')
    default:
      return errorWords(error)
  }
}
