// ui: what the person sees; speaks the protocol like any other client. This file: the words by which two people find
// out that they have each other's true keys.

export const Fingerprint = ({
  words,
  label,
}: {
  readonly words: readonly string[]
  readonly label: string
}) => (
  <ol class="fingerprint mono" aria-label={label}>
    {words.map((word, at) => (
      // A word may well come twice.
      <li key={at}>{word}</li>
    ))}
  </ol>
)
