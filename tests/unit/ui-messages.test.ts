// Every word on a screen comes from locales/en.json; every reason an operation can fail for has words.

import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorReasons } from '../../src/protocol/errors.ts'
import { rights } from '../../src/protocol/operationRow.ts'
import { operations } from '../../src/protocol/operations.ts'

const words = JSON.parse(readFileSync('locales/en.json', 'utf8')) as Record<string, string>

test.each(errorReasons)('the reason %s has words for the person', (reason) => {
  expect(words[`error_${reason.replaceAll('-', '_')}`]).toMatch(/\S/)
})

test.each(rights)('the right %s has words for the person', (right) => {
  expect(words[`right_${right}`]).toMatch(/\S/)
})

const recorded = Object.entries(operations)
  .filter(([, { record }]) => record !== null)
  .map(([name]) => name.replace(':', '_'))

test.each(recorded)('the event %s has words for what was done and for what was tried', (name) => {
  expect(words[`event_${name}`]).toMatch(/\S/)
  expect(words[`tried_${name}`]).toMatch(/^tried to /)
})

test('every key a screen asks for is there, and none is left over', () => {
  const sources = ['src/ui', 'src/gate', 'src/reader', '.']
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => /\.tsx?$/.test(name))
        .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
    )
    .join('\n')
  const asked = new Set([
    ...[...sources.matchAll(/\bt\(\s*'(\w+)'/g)].map(([, key]) => key),
    ...[...sources.matchAll(/__MSG_(\w+)__/g)].map(([, key]) => key),
    ...[...sources.matchAll(/: '(menu_\w+)'/g)].map(([, key]) => key),
    ...[...sources.matchAll(/getMessage\('(\w+)'/g)].map(([, key]) => key),
  ])
  const made = (key: string) => /^(error|right|event|tried)_/.test(key)
  expect([...asked].filter((key) => key !== undefined && !(key in words))).toEqual([])
  expect(Object.keys(words).filter((key) => !asked.has(key) && !made(key))).toEqual([])
})
