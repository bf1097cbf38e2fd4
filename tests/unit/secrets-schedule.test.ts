// "Schedule expressions in Secrets Manager rotation" (AWS Secrets Manager user guide). Times are UTC.

import { expect, test } from 'vitest'
import { readSchedule } from '../../src/secrets/schedule.ts'

const next = (expression: string, from: string) =>
  new Date(readSchedule(expression)(Date.parse(from))).toISOString()

test.each([
  ['rate(10 days)', '2026-03-01T05:30:00Z', '2026-03-11T05:30:00.000Z'],
  ['rate(4 hours)', '2026-03-01T05:30:00Z', '2026-03-01T09:30:00.000Z'],
  // The first of every month at 8.
  ['cron(0 8 1 * ? *)', '2026-03-01T08:00:00Z', '2026-04-01T08:00:00.000Z'],
  ['cron(0 8 1 * ? *)', '2026-03-01T07:59:59Z', '2026-03-01T08:00:00.000Z'],
  // Every four hours.
  ['cron(0 /4 * * ? *)', '2026-03-01T05:30:00Z', '2026-03-01T08:00:00.000Z'],
  ['cron(0 */4 * * ? *)', '2026-03-01T21:00:00Z', '2026-03-02T00:00:00.000Z'],
  // Every Sunday at 16; 1 is Sunday.
  ['cron(0 16 ? * SUN *)', '2026-03-02T00:00:00Z', '2026-03-08T16:00:00.000Z'],
  ['cron(0 16 ? * 1 *)', '2026-03-02T00:00:00Z', '2026-03-08T16:00:00.000Z'],
  ['cron(0 16 ? * MON-FRI *)', '2026-03-06T17:00:00Z', '2026-03-09T16:00:00.000Z'],
  // The last day of the month, the last Friday, the second Tuesday, the weekday nearest to the 1st.
  ['cron(0 0 L * ? *)', '2028-02-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ['cron(0 0 ? * 6L *)', '2026-03-01T00:00:00Z', '2026-03-27T00:00:00.000Z'],
  ['cron(0 0 ? * 3#2 *)', '2026-03-01T00:00:00Z', '2026-03-10T00:00:00.000Z'],
  ['cron(0 0 1W * ? *)', '2026-08-01T00:00:00Z', '2026-08-03T00:00:00.000Z'],
  ['cron(0 8,20 15 JAN,JUL ? *)', '2026-01-15T08:00:00Z', '2026-01-15T20:00:00.000Z'],
])('%s after %s is %s', (expression, from, expected) => {
  expect(next(expression, from)).toBe(expected)
})

test.each([
  'rate(3 hours)',
  'rate(0 days)',
  'rate(1000 days)',
  'every day',
  'cron(0 8 1 * ?)',
  'cron(5 8 1 * ? *)',
  'cron(0 8 1 * ? 2027)',
  'cron(0 8 1 * 2 *)',
  'cron(0 8 ? * ? *)',
  'cron(0 24 1 * ? *)',
  'cron(0 8 32 * ? *)',
  'cron(0 8 5-1 * ? *)',
  'cron(0 8 1/0 * ? *)',
  'cron(0 8 1 FOO ? *)',
  'cron(0 8 ? * 8#1 *)',
])('%s is refused', (expression) => {
  expect(() => readSchedule(expression)).toThrow(
    expect.objectContaining({ reason: 'secret-invalid' }),
  )
})

test('a day that never comes is refused when it is looked for', () => {
  expect(() => next('cron(0 8 31 FEB ? *)', '2026-01-01T00:00:00Z')).toThrow(
    expect.objectContaining({ reason: 'secret-invalid' }),
  )
})
