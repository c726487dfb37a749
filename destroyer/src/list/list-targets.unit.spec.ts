import { ListTargetsRequest } from '@emitter/proto';
import { createAdmission } from '../admission';
import { createListTargets } from './list-targets';

describe('a list', () => {
  it('is not read on when its deadline has passed', async () => {
    const query = jest.fn(() => Promise.resolve([]));
    const admission = createAdmission(1, 'lists are under way', 1);
    const list = createListTargets({ readModel: { query }, admission });
    await expect(list(ListTargetsRequest.create(), { remainingMs: () => 0 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    expect(query).not.toHaveBeenCalled();
    expect(admission.size).toBe(0);
  });
});
