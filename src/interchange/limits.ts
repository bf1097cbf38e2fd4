// interchange: files of other password managers, read and written; pure. This file: how much of a file is read.
// A file is somebody else's until it has been read: none of these is a limit that an honest export comes near.

const mebibyte = 1024 * 1024

export const mostFileBytes = 256 * mebibyte
/** What is packed in a file, unpacked, all together. */
export const mostUnpackedBytes = 512 * mebibyte
export const mostEntries = 250_000
/** Nesting of JSON, XML and groups. Exports nest about ten deep; groups are people's own. */
export const mostDepth = 100
/** Iterations of PBKDF2: Bitwarden allows two million. */
export const mostPbkdf2Iterations = 10_000_000
/** Rounds of AES-KDF: a second in KeePass is some tens of millions. */
export const mostAesRounds = 200_000_000
/** A tab's WebAssembly has 4 GiB at most, and shares the machine. */
export const mostArgon2KiB = 1024 * 1024
/** Memory × passes, in KiB: what takes about a minute. */
export const mostArgon2Work = 16 * 1024 * 1024
