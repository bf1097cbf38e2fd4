// Where the manager is, as its address says it.

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashOf, parseRoute } from '../../src/ui/address.ts'

test('a section, what stands behind it, and how it is seen', () => {
  const route = parseRoute('#keys/1234/grants?q=a+b&page=2')
  expect(route.section).toBe('keys')
  expect(route.path).toEqual(['1234', 'grants'])
  expect(route.query.get('q')).toBe('a b')
})

test.each(['', '#', '#%', '#keys/%zz', '#?', '#keys?=&&'])('“%s” is read without fail', (hash) => {
  expect(() => parseRoute(hash)).not.toThrow()
})

test('every place and every search comes back from its address', () => {
  const part = fc.string({ unit: 'grapheme', minLength: 1 })
  fc.assert(
    fc.property(part, part, part, (section, id, query) => {
      const route = parseRoute(hashOf([section, id], { q: query }))
      expect([route.section, ...route.path, route.query.get('q')]).toEqual([section, id, query])
    }),
  )
})

test('members without a value are left out of the address', () => {
  expect(hashOf(['activity'], { site: '', key: undefined, result: 'ok' })).toBe(
    '#activity?result=ok',
  )
})
