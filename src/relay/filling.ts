// relay: window <-> runtime, in the isolated world of every page; adds nothing, trusts nothing.
// This file: filling a form. It is a script of its own, put into the page when the person presses "Fill"; until then
// there is nothing of it in any page, and after it nothing stays.

import { browser } from 'wxt/browser'
import { type Filling, type FillReply, type FillToken, isFillToken } from '../protocol/filling.ts'
import { type FillField, fieldsHere, hasTheFocus } from './fillPlace.ts'

type Planned = readonly (readonly [FillToken, FillField])[]

export async function fillHere(): Promise<void> {
  if (!hasTheFocus()) return
  const plan = planFor(fieldsHere())
  const reply: FillReply | undefined = await send('fill', [...new Set(tokensOf(plan))])
  if (!reply) return
  const filled = plan.filter(([token, field]) => fillOne(field, token, reply.values))
  await send('filled', [...new Set(filled.map(([token]) => token))])
}

const send = (type: Filling['type'], tokens: readonly FillToken[]) =>
  browser.runtime.sendMessage({ keyhearth: 1, type, tokens } satisfies Filling)

/** A date may be asked for in one field and have to be written from its parts. */
const tokensOf = (plan: Planned): readonly FillToken[] =>
  plan.flatMap(([token]) => (token === 'cc-exp' ? [token, 'cc-exp-month', 'cc-exp-year'] : [token]))

function planFor(fields: readonly FillField[]): Planned {
  const known = fields.flatMap((field) => {
    const token = tokenOf(field)
    return token ? [[token, field] as const] : []
  })
  const has = (token: FillToken) => known.some(([one]) => one === token)
  const plan = has('username') || has('email') ? known : withUsername(known, fields)
  // Where a password is changed, the new one is the person's to choose.
  return has('current-password') ? plan.filter(([token]) => token !== 'new-password') : plan
}

/** What the page's author says comes first; else what the field calls itself. */
function tokenOf(field: FillField): FillToken | null {
  const said = field.autocomplete.toLowerCase().split(/\s+/)
  const token = said.findLast(isFillToken)
  if (token) return token
  // An author who names another purpose means that one.
  if (said.some((one) => /^(cc-|bday-|address-|tel-|additional-|nickname|url|photo)/.test(one)))
    return null
  if (!(field instanceof HTMLInputElement)) return null
  if (field.type === 'password') return looksLikeCode(field) ? 'one-time-code' : 'current-password'
  if (!textTypes.has(field.type)) return null
  if (looksLikeCode(field)) return 'one-time-code'
  return /user|login|e-?mail|account|signin/i.test(namesOf(field)) ? 'username' : null
}

const textTypes: ReadonlySet<string> = new Set(['text', 'email', 'tel', 'number', 'search'])

const namesOf = ({ name, id, placeholder, ariaLabel }: HTMLInputElement): string =>
  [name, id, placeholder, ariaLabel ?? ''].join(' ')

const looksLikeCode = (field: HTMLInputElement): boolean =>
  /\b(otp|totp|2fa|mfa|passcode)\b|one.?time|two.?factor|verification.?code|auth\w*.?code/i.test(
    namesOf(field).replace(/[_-]/g, ' '),
  )

/** The field before the password, whatever it is called. */
function withUsername(plan: Planned, fields: readonly FillField[]): Planned {
  const password = plan.find(([token]) => token.endsWith('-password'))?.[1]
  const before = password ? fields.slice(0, fields.indexOf(password)) : []
  const field = before.findLast(
    (one) =>
      one instanceof HTMLInputElement &&
      textTypes.has(one.type) &&
      !plan.some(([, other]) => other === one),
  )
  return field ? [['username', field], ...plan] : plan
}

function fillOne(field: FillField, token: FillToken, values: FillReply['values']): boolean {
  const value = token === 'cc-exp' ? expiryFor(field, values) : values[token]
  if (value === undefined || !field.isConnected) return false
  if (field instanceof HTMLSelectElement) return choose(field, value)
  const fitting = fit(field, token, value)
  if (field.maxLength >= 0 && fitting.length > field.maxLength) return false
  field.focus()
  // In this world the property is the browser's own, whatever the page made of it in its world.
  field.value = fitting
  tell(field)
  return field.value !== ''
}

/** As typing and leaving the field would: frameworks listen for these. */
function tell(field: FillField): void {
  field.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }))
  field.dispatchEvent(new Event('change', { bubbles: true }))
}

function choose(field: HTMLSelectElement, value: string): boolean {
  const same = (text: string) =>
    text.trim().toLowerCase() === value.toLowerCase() ||
    (/^\d+$/.test(value) && /^\d+$/.test(text) && isSameNumber(text, value))
  const option = [...field.options].find((one) => same(one.value) || same(one.text))
  if (!option) return false
  field.value = option.value
  tell(field)
  return true
}

/** Months with and without a zero, years with and without their century. */
const isSameNumber = (text: string, value: string): boolean =>
  Number(text) === Number(value) || (value.length === 4 && text === value.slice(-2))

function fit(field: FillField, token: FillToken, value: string): string {
  const short = token === 'cc-exp-year' && 'maxLength' in field && field.maxLength === 2
  return short ? value.slice(-2) : value
}

function expiryFor(field: FillField, values: FillReply['values']): string | undefined {
  const month = values['cc-exp-month']
  const year = values['cc-exp-year']
  if (month === undefined || year === undefined) return values['cc-exp']
  if (field.type === 'month') return `${year}-${month}`
  const long = 'placeholder' in field && /yyyy|jjjj|aaaa/i.test(field.placeholder)
  return long ? `${month}/${year}` : values['cc-exp']
}
