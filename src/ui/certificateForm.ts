// ui: what the person sees; speaks the protocol like any other client. This file: whose a certificate is and how long it
// holds, as it is typed, and as X.509 has it. Pure.

import type { NameParts, WrittenName } from '../certificates/index.ts'

export interface SubjectForm {
  readonly name: string
  readonly email: string
  readonly organisation: string
  readonly country: string
}

export const blankSubject: SubjectForm = { name: '', email: '', organisation: '', country: '' }

/** Upper bounds of RFC 5280 appendix A.1, in characters. */
export const mostNameLength = 64

export type SubjectProblem = 'name' | 'email' | 'country' | 'addresses'

/** Addresses of mail are ASCII in certificates (RFC 5280 section 4.2.1.6). */
const isEmail = (text: string): boolean => /^[!-?A-~]+@[!-?A-~]+$/.test(text)

export function subjectProblem({ name, email, country }: SubjectForm): SubjectProblem | null {
  if (name.trim() === '') return 'name'
  if (email.trim() !== '' && !isEmail(email.trim())) return 'email'
  return /^([A-Za-z]{2})?$/.test(country.trim()) ? null : 'country'
}

/** The most general first. */
export function subjectOf({ name, organisation, country }: SubjectForm): NameParts {
  const parts = [
    ['C', country.trim().toUpperCase()],
    ['O', organisation.trim()],
    ['CN', name.trim()],
  ] as const
  return parts.filter(([, value]) => value !== '')
}

/** The address of mail stands among the other addresses, where RFC 5280 section 4.1.2.6 wants it. */
export const emailNames = ({ email }: SubjectForm): readonly WrittenName[] =>
  email.trim() === '' ? [] : [{ kind: 'email', text: email.trim() }]

/** One a line: of mail, of the web, of a host, or a number of IPv4. `null` where a line is none of them. */
export function readAddresses(text: string): readonly WrittenName[] | null {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const names = lines.map(readAddress)
  return names.every((name) => name !== null) ? names : null
}

function readAddress(text: string): WrittenName | null {
  if (!/^[!-~]{1,2048}$/.test(text)) return null
  if (/^[a-z][a-z0-9+.-]*:\/\/./i.test(text)) return { kind: 'uri', text }
  if (isEmail(text)) return { kind: 'email', text }
  const numbers = /^\d+\.\d+\.\d+\.\d+$/.test(text) ? text.split('.').map(Number) : null
  if (numbers) {
    return numbers.every((one) => one < 256)
      ? { kind: 'ip', address: Uint8Array.from(numbers) }
      : null
  }
  return /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(text) ? { kind: 'dns', text } : null
}

const hourMs = 60 * 60 * 1000

/** From an hour ago, since others' clocks may be behind; to the same day, years later. */
export function validityFor(years: number, now: number, latest = Number.POSITIVE_INFINITY) {
  const end = new Date(now)
  end.setUTCFullYear(end.getUTCFullYear() + years)
  return { notBefore: now - hourMs, notAfter: Math.min(end.getTime(), latest) }
}

/** A name for a file, out of what a certificate calls itself. */
export const fileNameOf = (name: string, ending: string): string =>
  `${name.replaceAll(/[^\p{L}\p{N}.-]+/gu, '-').replaceAll(/^[-.]+|[-.]+$/g, '') || 'certificate'}.${ending}`
