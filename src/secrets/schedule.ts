// secrets: Secrets Manager: secrets, their versions and staging labels. This file: when a secret is rotated
// next: days, or a schedule as AWS writes it ("Schedule expressions in Secrets Manager rotation"). Pure; all in
// UTC. Rates are of hours (4 at least) or days; a cron expression's minute is 0 and its year is `*`.

import { KeyhearthError } from '../protocol/errors.ts'
import type { Rotation } from './records.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A schedule that finds no day by then (31 February, say) has none. */
const furthestDays = 366 * 5

const invalid = (what: string) => new KeyhearthError('secret-invalid', { what })
const notSchedule = () =>
  invalid('The ScheduleExpression is none: as rate(10 days), cron(0 8 1 * ? *)')

/** Gives the first time after `from`, both in milliseconds since 1970. */
type Schedule = (from: number) => number

/** @throws KeyhearthError `secret-invalid` */
export function readSchedule(expression: string): Schedule {
  const [, rate, unit] = /^rate\((\d{1,3}) (hours?|days?)\)$/.exec(expression) ?? []
  if (rate !== undefined) return readRate(Number(rate), unit?.startsWith('hour') ? hourMs : dayMs)
  const [, cron] = /^cron\(([^()]+)\)$/.exec(expression) ?? []
  if (cron === undefined) throw notSchedule()
  return readCron(cron.trim().split(/\s+/))
}

function readRate(count: number, unitMs: number): Schedule {
  const every = count * unitMs
  if (every < 4 * hourMs || every > 999 * dayMs) {
    throw invalid('A secret is rotated every 4 hours at the most, and every 999 days at the least')
  }
  return (from) => from + every
}

function scheduleOf({ afterDays, schedule }: Rotation): Schedule | null {
  if (schedule !== null) return readSchedule(schedule)
  return afterDays === null ? null : (from) => from + afterDays * dayMs
}

/** With its next day, counted from now. @throws KeyhearthError `secret-invalid` */
export const planned = (rotation: Rotation, now: number): Rotation => ({
  ...rotation,
  nextAt: rotation.enabled ? (scheduleOf(rotation)?.(now) ?? null) : null,
})

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

interface Day {
  readonly year: number
  readonly month: number
  readonly day: number
  /** 1 is Sunday. */
  readonly weekday: number
  readonly last: number
}

type Fits = (day: Day) => boolean

function readCron(fields: readonly string[]): Schedule {
  const [minute, hour, ofMonth, month, ofWeek, year] = fields
  if (fields.length !== 6 || !hour || !ofMonth || !month || !ofWeek) throw notSchedule()
  if (minute !== '0' || year !== '*') {
    throw invalid('A rotation begins with the hour, each year: the first field is 0, the last *')
  }
  if ((ofMonth === '?') === (ofWeek === '?')) {
    throw invalid('Either the day of the month or the day of the week is ?')
  }
  const hours = readNumbers(hour, 0, 23)
  const inMonth = readNumbers(month, 1, 12, months)
  const fits = ofMonth === '?' ? readWeekday(ofWeek) : readDayOfMonth(ofMonth)
  return (from) => nextOf(from, hours, (day) => inMonth.has(day.month) && fits(day))
}

function nextOf(from: number, hours: ReadonlySet<number>, fits: Fits): number {
  const midnight = Math.floor(from / dayMs) * dayMs
  for (let i = 0; i < furthestDays; i++) {
    const start = midnight + i * dayMs
    if (!fits(dayAt(start))) continue
    const times = [...hours].map((hour) => start + hour * hourMs).filter((time) => time > from)
    if (times.length > 0) return Math.min(...times)
  }
  throw invalid('The ScheduleExpression never comes')
}

function dayAt(time: number): Day {
  const date = new Date(time)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1]
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return { year, month, day: date.getUTCDate(), weekday: date.getUTCDay() + 1, last }
}

/** Lists, ranges and steps of numbers, or of their names. */
function readNumbers(
  field: string,
  least: number,
  most: number,
  names: readonly string[] = [],
): ReadonlySet<number> {
  const numberOf = (text: string): number => {
    const named = names.indexOf(text.toUpperCase())
    const value = named >= 0 ? named + least : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most)) throw notSchedule()
    return value
  }
  const found = new Set<number>()
  for (const part of field.split(',')) {
    const [range = '', step, ...more] = part.split('/')
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step))) throw notSchedule()
    const [first = '', second, ...rest] = range.split('-')
    if (rest.length > 0) throw notSchedule()
    // AWS's own examples write `/4` for `*/4`.
    const all = first === '*' || (first === '' && step !== undefined)
    const from = all ? least : numberOf(first)
    const open = all || (step !== undefined && second === undefined)
    const to = second !== undefined ? numberOf(second) : open ? most : from
    if (to < from) throw notSchedule()
    for (let value = from; value <= to; value += Number(step ?? 1)) found.add(value)
  }
  return found
}

/** `L`: the last; `15W`: the weekday nearest to the 15th within the month. */
function readDayOfMonth(field: string): Fits {
  if (field === 'L') return ({ day, last }) => day === last
  const [, near] = /^(\d{1,2})W$/.exec(field) ?? []
  if (near === undefined) {
    const days = readNumbers(field, 1, 31)
    return ({ day }) => days.has(day)
  }
  const [wanted] = readNumbers(near, 1, 31)
  return (one) => wanted !== undefined && wanted <= one.last && one.day === nearest(one, wanted)
}

function nearest({ year, month, last }: Day, wanted: number): number {
  const weekday = new Date(Date.UTC(year, month - 1, wanted)).getUTCDay()
  if (weekday === 6) return wanted === 1 ? 3 : wanted - 1
  if (weekday === 0) return wanted === last ? last - 2 : wanted + 1
  return wanted
}

/** `6L`: the last Friday; `3#2`: the second Tuesday; 1 is Sunday. */
function readWeekday(field: string): Fits {
  const [, lastly] = /^(\w{1,3})L$/.exec(field) ?? []
  if (lastly !== undefined) {
    const [wanted] = readNumbers(lastly, 1, 7, weekdays)
    return ({ weekday, day, last }) => weekday === wanted && day + 7 > last
  }
  const [, which, nth] = /^(\w{1,3})#([1-5])$/.exec(field) ?? []
  if (which !== undefined) {
    const [wanted] = readNumbers(which, 1, 7, weekdays)
    return ({ weekday, day }) => weekday === wanted && Math.ceil(day / 7) === Number(nth)
  }
  const days = readNumbers(field, 1, 7, weekdays)
  return ({ weekday }) => days.has(weekday)
}
