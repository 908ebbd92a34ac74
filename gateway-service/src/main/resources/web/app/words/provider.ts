const names: Record<string, string> = { github: 'GitHub', vercel: 'Vercel' };

/** What a provider calls itself. */
export function providerName(id: string): string {
  return names[id] ?? id;
}
