// interchange: files of other password managers, read and written; pure. This file: why a file is refused, as a
// closed set of codes, with the sentence for the person.

const sentences = {
  empty: 'This file is empty.',
  'not-recognised':
    'This is no export that Keyhearth knows. It reads CSV, Bitwarden JSON, 1Password .1pux, Proton Pass .zip and KeePass .kdbx.',
  truncated: 'This file ends too early. Export or download it once more.',
  damaged: 'This file is damaged: it does not hold what its format says. Export it once more.',
  'bad-encoding':
    'The text of this file is neither UTF-8 nor UTF-16. Open it in the program it came from and save it as UTF-8.',
  'too-large': 'This file, or what is packed in it, is larger than can be read at once (256 MiB).',
  'too-deep': 'This file is nested deeper than any export is.',
  'too-many': 'This file has more than 250,000 entries. Split it, and import the parts.',
  'needs-password': 'This file is encrypted. Enter the password it was exported with.',
  'wrong-password': 'The password does not open this file, or the file is damaged.',
  'wrong-password-or-needs-key-file':
    'The password does not open this database. Check it; if the database has a key file, choose that, too.',
  'wrong-password-or-key-file':
    'Password and key file together do not open this database. Check both; a database without a password wants the field empty.',
  'bad-key-file': 'This key file is damaged: its own check does not hold.',
  'account-encrypted':
    'This Bitwarden export is encrypted for the account it came from, so only Bitwarden opens it. Export again as JSON, or as encrypted JSON with a password.',
  'openpgp-encrypted':
    'This Proton Pass export is encrypted with OpenPGP, which Keyhearth does not open. Export again as ZIP without encryption, import it, and delete the file.',
  'encrypted-zip': 'This ZIP file has a password of its own. Unpack it, and import what is in it.',
  'old-keepass':
    'This is a database of KeePass 1 (.kdb) or of a KeePass before 2.20. Open it in KeePass or KeePassXC and save it as KDBX 4.',
  'unknown-encryption':
    'This file is encrypted in a way that Keyhearth does not know. Save it with AES-256 or ChaCha20, and with Argon2 or AES-KDF.',
  'needs-argon2': 'This file wants Argon2, which is not available here.',
  'too-costly':
    'Opening this file would take more memory or time than a browser has: its key derivation is set too high. Save it with lower settings.',
} as const

export type RefusalCode = keyof typeof sentences

/** A file that is not brought over, not even in part. `message` is the sentence for the person. */
export class RefusedExport extends Error {
  override readonly name = 'RefusedExport'
  readonly code: RefusalCode

  constructor(code: RefusalCode) {
    super(sentences[code])
    this.code = code
  }
}

export function refuse(code: RefusalCode): never {
  throw new RefusedExport(code)
}
