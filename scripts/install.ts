// What tests and the start script need and a fresh Debian lacks. Nothing here is part of the extension.

import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** The path of a program, or `null` where there is none. */
export function onPath(name: string): string | null {
  if (name.startsWith('/')) return existsSync(name) ? name : null
  const found = spawnSync('which', [name], { encoding: 'utf8' })
  return found.status === 0 ? found.stdout.trim() : null
}

export const isRootOnDebian = (): boolean =>
  process.getuid?.() === 0 && existsSync('/etc/debian_version') && onPath('apt-get') !== null

export function apt(name: string): void {
  console.log(`Installing ${name}…`)
  const options = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] }
  execFileSync('apt-get', ['update', '-qq'], options)
  execFileSync('apt-get', ['install', '-y', '-qq', name], options)
}

export function tryInstall(work: () => void): void {
  try {
    work()
  } catch {
    // The next way, or the sentence at the end, follows.
  }
}

/** The openssl command checks signatures in tests. They are skipped, and say so, where it cannot be had. */
export function installOpenssl(): void {
  if (onPath('openssl') === null && isRootOnDebian()) tryInstall(() => apt('openssl'))
}
