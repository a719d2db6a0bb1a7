using System.Data.Common;
using System.Runtime.CompilerServices;
using Slipway.Core;
using Slipway.Registry.Database;

namespace Slipway.Registry.Models;

/// <summary>Tells of new events, and goes on when the store was away.</summary>
internal sealed class EventWatch(RegistryStore store, ModelQueries queries, TimeProvider clock, StoreAvailability availability)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async IAsyncEnumerable<long> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long known = -1;
        while (true)
        {
            IAsyncEnumerator<bool>? changes = null;
            try
            {
                bool goesOn = true;
                while (goesOn)
                {
                    long newest = known;
                    try
                    {
                        changes ??= store.Database.WatchAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
                        goesOn = await changes.MoveNextAsync();
                        newest = goesOn ? await queries.NewestEventAsync(cancellationToken) : known;
                        availability.Here();
                    }
                    catch (Exception exception) when (exception is DbException or SlipwayException or IOException && !cancellationToken.IsCancellationRequested)
                    {
                        availability.Away(exception is DbException fault ? store.Database.Translate(fault) : exception);
                        goesOn = false;
                    }

                    // Not only greater: a restored store may have fewer events than were seen.
                    if (newest != known)
                    {
                        known = newest;
                        yield return newest;
                    }
                }
            }
            finally
            {
                if (changes is not null)
                {
                    await changes.DisposeAsync();
                }
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }
}
