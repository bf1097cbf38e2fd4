// gate: who asks, may they, dispatch, record. This file: what an item has for the fields of a page. Pure.

import { type Item, type ItemKind, itemFields } from '../items/item.ts'
import { oneTimeCode, readOneTimeSecret } from '../items/oneTimeCode.ts'
import type { FillToken } from '../protocol/filling.ts'

/** The item's field behind each token. Of a name, a date or a setup key only a part or what is made of it. */
type FieldOf = Readonly<Partial<Record<FillToken, string>>>

const card: FieldOf = {
  'cc-name': 'holder',
  'cc-number': 'number',
  'cc-exp': 'expires',
  'cc-exp-month': 'expires',
  'cc-exp-year': 'expires',
  'cc-csc': 'code',
}

const identity: FieldOf = {
  name: 'name',
  'given-name': 'name',
  'family-name': 'name',
  email: 'email',
  tel: 'phone',
  organization: 'organisation',
  'street-address': 'street',
  'address-line1': 'street',
  'address-level2': 'city',
  'address-level1': 'region',
  'postal-code': 'postcode',
  country: 'country',
  'country-name': 'country',
  bday: 'birthday',
}

const login: FieldOf = {
  username: 'username',
  email: 'username',
  'current-password': 'password',
  'new-password': 'password',
  'one-time-code': 'totp',
}

const byKind: Readonly<Partial<Record<ItemKind, FieldOf>>> = {
  login,
  totp: { username: 'username', email: 'username', 'one-time-code': 'totp' },
  card,
  identity,
  value: { 'current-password': 'value' },
}

/** The name of the item's field that a token stands for; `null` where the kind has none. */
export const fieldFor = (kind: ItemKind, token: FillToken): string | null => {
  const field = byKind[kind]?.[token]
  return field !== undefined && itemFields[kind].some(({ name }) => name === field) ? field : null
}

/** `null` where the item has nothing for such a field. */
export function valueFor(item: Item, token: FillToken, now: number): string | null {
  const field = fieldFor(item.kind, token)
  const value = field === null ? '' : (item.fields[field] ?? '')
  if (value === '') return null
  switch (token) {
    case 'one-time-code':
      return codeAt(value, now)
    case 'given-name':
      return value.trim().split(/\s+/).slice(0, -1).join(' ') || null
    case 'family-name':
      return value.trim().split(/\s+/).at(-1) ?? null
    case 'cc-number':
      return value.replace(/[\s-]/g, '')
    case 'cc-exp':
    case 'cc-exp-month':
    case 'cc-exp-year':
      return expiry(value, token)
    default:
      return value
  }
}

/** The code of the moment. The setup key itself never goes into a page. */
function codeAt(text: string, now: number): string | null {
  const secret = readOneTimeSecret(text)
  return 'problem' in secret ? null : oneTimeCode(secret, now).code
}

/** Cards say `03/27`, forms and other programs also `03/2027` and `2027-03`. */
function expiry(text: string, token: 'cc-exp' | 'cc-exp-month' | 'cc-exp-year'): string | null {
  const parts =
    /^\s*(?<month>\d{1,2})\s*[/.\-\s]\s*(?<year>\d{2}|\d{4})\s*$/.exec(text) ??
    /^\s*(?<year>\d{4})-(?<month>\d{1,2})\s*$/.exec(text)
  const month = parts?.groups?.['month']?.padStart(2, '0')
  const year = parts?.groups?.['year']
  if (month === undefined || year === undefined) return null
  const whole = year.length === 2 ? `20${year}` : year
  if (token === 'cc-exp-month') return month
  return token === 'cc-exp-year' ? whole : `${month}/${whole.slice(-2)}`
}
