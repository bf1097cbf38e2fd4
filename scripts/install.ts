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

export function apt(...names: readonly string[]): void {
  console.log(`Installing ${names.join(', ')}…`)
  const options = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] }
  execFileSync('apt-get', ['update', '-qq'], options)
  execFileSync('apt-get', ['install', '-y', '-qq', ...names], options)
}

export function tryInstall(work: () => void): void {
  try {
    work()
  } catch {
    // The next way, or the sentence at the end, follows.
  }
}

/** Programs of others that judge what is signed here, and sign for us, with the packages they are in. */
const verifiers: Readonly<Record<string, string>> = {
  openssl: 'openssl',
  'ssh-keygen': 'openssh-client',
  certtool: 'gnutls-bin',
  gpgsm: 'gpgsm',
  cmsutil: 'libnss3-tools',
  jose: 'jose',
  minisign: 'minisign',
  pdfsig: 'poppler-utils',
  qpdf: 'qpdf',
  mutool: 'mupdf-tools',
}

/** Tests that want one of them are skipped, and say so, where it cannot be had. */
export function installVerifiers(): void {
  const missing = Object.entries(verifiers).flatMap(([program, name]) =>
    onPath(program) === null ? [name] : [],
  )
  if (missing.length > 0 && isRootOnDebian()) tryInstall(() => apt(...missing))
}
