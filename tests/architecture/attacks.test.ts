// docs/attacks.md lists every attack once, and each test it names is there.

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const rows = [
  ...readFileSync('docs/attacks.md', 'utf8').matchAll(/^\| (\d+) \|.*\| (\S+) \|$/gm),
].map(([, number, name]) => ({ number: Number(number), name: name ?? '' }))
const tests = ['tests/attacks', 'tests/e2e']
  .flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.spec.ts'))
      .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
  )
  .join('\n')

test('all forty-one are there, in order', () => {
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 41 }, (_, at) => at + 1))
})

test.each(rows.filter(({ name }) => name !== '—'))(
  'attack $number has its test',
  ({ number, name }) => {
    const title = name.replaceAll('`', '')
    expect(title).toMatch(new RegExp(`^attack-${String(number).padStart(2, '0')}-[a-z-]+$`))
    expect(tests).toMatch(new RegExp(`test\\(\\s*'[^']*\\b${title}\\b`))
  },
)
