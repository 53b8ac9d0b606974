/** Picks a form by the rules of a language: `plural('en', 2, { one: 'chat', other: 'chats' })`. */
export function plural(
  locale: string,
  count: number,
  forms: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string },
): string {
  return forms[new Intl.PluralRules(locale).select(count)] ?? forms.other
}
