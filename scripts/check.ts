// `npm run check`: types, lint, the walls between rooms, unused code, sizes. Needs a build for the last.

import { spawnSync } from 'node:child_process'

const checks: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['types', 'tsc', '--noEmit', '-p', '.'],
  ['lint and walls', 'biome', 'check', '.'],
  ['walls that bite', 'vitest', 'run', '--reporter=dot', 'tests/architecture/walls.test.ts'],
  ['unused code', 'knip'],
  ['build', 'wxt', 'build'],
  ['size', 'size-limit'],
]

const failed = checks.filter(([name, command, ...args]) => {
  console.log(`\n== ${name}`)
  return spawnSync(command, args, { stdio: 'inherit' }).status !== 0
})
console.log(
  failed.length === 0
    ? '\nAll checks hold.'
    : `\nFailed: ${failed.map(([name]) => name).join(', ')}`,
)
process.exit(failed.length === 0 ? 0 : 1)
