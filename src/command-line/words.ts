// command-line: `npx keyhearth`, the message format without a browser. This file: what it says of itself.

export const usage = `keyhearth: AWS Encryption SDK messages on files and pipes

  keyhearth encrypt [file] --raw-key-file FILE [-o OUT]
  keyhearth decrypt [file] --raw-key-file FILE [-o OUT]
  keyhearth decrypt [file] --keys FILE --recovery-key-file FILE
  keyhearth inspect [file]
  keyhearth backup verify|list [file] --recovery-key-file FILE
  keyhearth backup extract [file] --recovery-key-file FILE -o FOLDER

Without a file, or with -, it reads from standard input and writes to standard output.

Keys
  --raw-key-file FILE      an AES key of 16, 24 or 32 bytes: as they are, in hex, or in base64
  --key-namespace NAME     as it stands in the message; "keyhearth" unless given
  --key-name NAME          likewise; "raw" unless given

  --passphrase-file FILE   a passphrase, on one line

  --keys FILE              keys exported from Keyhearth, to decrypt; with
  --recovery-key-file FILE the 24 words of the vault's recovery key, as text; or the words of enough shares

Backups
  verify opens every record and holds it against the others; list names what is in it; extract writes
  everything in the clear into a new folder. They open with --recovery-key-file, or with
  --passphrase-file where the vault has a passphrase for backups.

Encrypting
  --context KEY=VALUE      a pair that is authenticated with the message, and readable; repeat for more
  --suite HEX              0478 (unless given), 0578 (signed), or any other of the format's suites
  --frame-length BYTES     131072 unless given
  --armour                 text instead of bytes

Decrypting
  --context KEY=VALUE      a pair the message must carry; repeat for more
  --allow-no-commitment    also messages of older libraries, which do not commit to their key

Output
  -o, --output FILE        where to write; - is standard output
  --force                  write over a file that is there
  --json                   for inspect: as JSON

  --help, --version
`

/** Something the person can put right. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly code = 'usage'
}
