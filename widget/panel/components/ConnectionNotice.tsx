/** One quiet sentence about the link, only while there is something to say. */
export function ConnectionNotice({ text }: { text: string | undefined }) {
  return text ? <div class="notice">{text}</div> : null
}
