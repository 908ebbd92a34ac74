import { ActionError, type Accepted } from '../../../client';
import { session } from '../../shell/session';

/**
 * Waits for the orchestrator's word on a request that was accepted. @throws ActionError with its reason if it was refused.
 */
export async function decided(accepted: Accepted): Promise<void> {
  const path = { id: accepted.deploymentId, request: accepted.requestId };
  for (;;) {
    const word = await session.client.get('/api/v1/deployments/{id}/requests/{request}', { path, query: { wait: '20' } });
    if (word.outcome === 'refused') {
      throw new ActionError({ code: word.code ?? 'refused', detail: word.detail, retryable: false });
    }
    if (word.outcome !== 'accepted') {
      return;
    }
  }
}
