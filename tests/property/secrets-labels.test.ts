// Versions and labels against a model of AWS's rules, written down apart from the code: a label is on one
// version; who takes AWSCURRENT leaves AWSPREVIOUS on the one before; AWSCURRENT is never lost.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addVersion, moveStage, stagesByVersion, trim } from '../../src/secrets/labels.ts'
import type { VersionSummary } from '../../src/secrets/records.ts'

/** Label -> version. */
type Model = Map<string, string>

const versionId = fc.integer({ min: 1, max: 6 }).map((n) => `version-${n}`)
const label = fc.constantFrom('AWSCURRENT', 'AWSPREVIOUS', 'AWSPENDING', 'mine', 'other')

const step = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    versionId,
    stages: fc.uniqueArray(label, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ kind: fc.constant('move' as const), stage: label, to: versionId }),
  fc.record({ kind: fc.constant('remove' as const), stage: label, from: versionId }),
)

function take(model: Model, stage: string, to: string): void {
  const before = model.get('AWSCURRENT')
  model.set(stage, to)
  if (stage === 'AWSCURRENT' && before !== undefined && before !== to) {
    model.set('AWSPREVIOUS', before)
  }
}

const summary = (id: string) => ({ versionId: id, createdAt: 0, keyId: 'k', revision: 1 })

const asModel = (versions: readonly VersionSummary[]): Model =>
  new Map(versions.flatMap((one) => one.stages.map((stage) => [stage, one.versionId] as const)))

const sorted = (model: Model) => [...model].sort()

test('any operations end as the model does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let versions: readonly VersionSummary[] = []
      const model: Model = new Map()
      const made = new Set<string>()
      for (const one of steps) {
        if (one.kind === 'put') {
          if (made.has(one.versionId)) continue
          made.add(one.versionId)
          versions = addVersion(versions, summary(one.versionId), one.stages)
          const stages = model.has('AWSCURRENT') ? one.stages : [...one.stages, 'AWSCURRENT']
          // Labels asked for by name come first; what AWSCURRENT leaves behind comes after them.
          for (const stage of stages) if (stage !== 'AWSCURRENT') take(model, stage, one.versionId)
          if (stages.includes('AWSCURRENT')) take(model, 'AWSCURRENT', one.versionId)
        } else if (one.kind === 'move') {
          const holder = model.get(one.stage)
          const input = { stage: one.stage, to: one.to, ...(holder ? { from: holder } : {}) }
          if (!made.has(one.to)) {
            expect(() => moveStage(versions, input)).toThrow()
            continue
          }
          versions = moveStage(versions, input)
          take(model, one.stage, one.to)
        } else {
          const input = { stage: one.stage, from: one.from }
          if (model.get(one.stage) !== one.from || one.stage === 'AWSCURRENT') {
            expect(() => moveStage(versions, input)).toThrow()
            continue
          }
          versions = moveStage(versions, input)
          model.delete(one.stage)
        }
        expect(sorted(asModel(versions))).toEqual(sorted(model))
        const all = versions.flatMap(({ stages }) => stages)
        expect(new Set(all).size).toBe(all.length)
        if (made.size > 0) expect(model.has('AWSCURRENT')).toBe(true)
      }
    }),
  )
})

describe('rules of single operations', () => {
  const two = addVersion(addVersion([], summary('a'), ['AWSCURRENT']), summary('b'), ['AWSCURRENT'])

  test('a label on another version moves only where that one is named', () => {
    expect(() => moveStage(two, { stage: 'AWSCURRENT', to: 'a' })).toThrow(
      expect.objectContaining({ reason: 'secret-invalid' }),
    )
    const back = moveStage(two, { stage: 'AWSCURRENT', to: 'a', from: 'b' })
    expect(stagesByVersion(back)).toEqual({ a: ['AWSCURRENT'], b: ['AWSPREVIOUS'] })
  })

  test('a version has at most 20 labels', () => {
    const labels = Array.from({ length: 21 }, (_one, i) => `label-${i}`)
    expect(() => addVersion(two, summary('c'), labels)).toThrow(
      expect.objectContaining({ reason: 'secret-limit' }),
    )
  })

  describe('of many versions', () => {
    const dayMs = 86_400_000
    const many = (count: number, createdAt: (i: number) => number) => {
      let versions: readonly VersionSummary[] = []
      for (let i = 0; i < count; i++) {
        const version = { ...summary(`v${i}`), createdAt: createdAt(i) }
        versions = addVersion(versions, version, ['AWSCURRENT'])
      }
      return versions
    }

    test('beyond 100 the oldest without label go', () => {
      const { kept, gone } = trim(
        many(105, (i) => i),
        dayMs + 105,
      )
      expect(kept).toHaveLength(100)
      expect(gone.map((one) => one.versionId)).toEqual(['v0', 'v1', 'v2', 'v3', 'v4'])
    })

    test('those of the last 24 hours stay', () => {
      const versions = many(150, (i) => i)
      expect(trim(versions, dayMs - 1).gone).toEqual([])
      const { gone } = trim(versions, dayMs + 2)
      expect(gone.map((one) => one.versionId)).toEqual(['v0', 'v1', 'v2'])
      expect(trim(versions, dayMs + 150).kept).toHaveLength(100)
    })

    test('the 201st within 24 hours is refused', () => {
      expect(trim(many(200, Number), dayMs - 1).kept).toHaveLength(200)
      expect(() => trim(many(201, Number), dayMs - 1)).toThrow(
        expect.objectContaining({ reason: 'secret-limit' }),
      )
      expect(trim(many(201, Number), dayMs).kept).toHaveLength(200)
    })
  })
})
