// ui: what the person sees; speaks the protocol like any other client. This file: a choice of yes or no that needs a
// sentence.

export function Switch({
  label,
  hint,
  checked,
  onChecked,
}: {
  readonly label: string
  readonly hint: string
  readonly checked: boolean
  readonly onChecked: (checked: boolean) => void
}) {
  return (
    <label class="check worded">
      <input
        type="checkbox"
        checked={checked}
        onChange={({ currentTarget }) => onChecked(currentTarget.checked)}
      />
      <span class="choice-words">
        <span class="label">{label}</span>
        <span class="hint">{hint}</span>
      </span>
    </label>
  )
}
