using Slipway.Core;

namespace Slipway.Security.Limits;

/// <summary>What one rule leaves one caller for one model. Thread-safe.</summary>
internal sealed class Allowance
{
    private readonly Lock _gate = new();
    private readonly TokenBucket[] _buckets;

    public Allowance(LimitRule rule, TimeProvider time)
    {
        _buckets =
        [
            .. new (string Unit, Rate? Rate)[] { ("requests", rule.Requests), ("rows", rule.Rows), ("bytes", rule.Bytes) }
                .Where(static entry => entry.Rate is not null)
                .Select(entry => new TokenBucket(entry.Unit, entry.Rate!.Value, time)),
        ];
    }

    /// <summary>Whether it is as good as new.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_gate)
            {
                return Array.TrueForAll(_buckets, static bucket =>
                {
                    bucket.Fill();
                    return bucket.IsFull;
                });
            }
        }
    }

    /// <summary>Takes what a request needs, all of it or nothing.</summary>
    /// <returns>How it stands afterwards, by the bucket that is nearest to its end.</returns>
    /// <exception cref="SlipwayException"><see cref="ErrorCode.RateLimited"/>; <see cref="ErrorCode.PayloadTooLarge"/> for more than there ever is.</exception>
    public LimitStatus Take(in RequestCost cost, string model)
    {
        lock (_gate)
        {
            foreach (TokenBucket bucket in _buckets)
            {
                bucket.Fill();
                Check(bucket, cost.Of(bucket.Unit), model);
            }

            TokenBucket tightest = _buckets[0];
            foreach (TokenBucket bucket in _buckets)
            {
                bucket.Take(cost.Of(bucket.Unit));
                tightest = Share(bucket) < Share(tightest) ? bucket : tightest;
            }

            return new LimitStatus(tightest.Unit, tightest.Rate, tightest.Remaining, tightest.UntilFull);
        }
    }

    /// <summary>Gives back what a request took that another rule then refused.</summary>
    public void Return(in RequestCost cost)
    {
        lock (_gate)
        {
            foreach (TokenBucket bucket in _buckets)
            {
                bucket.Take(-cost.Of(bucket.Unit));
            }
        }
    }

    private static double Share(TokenBucket bucket) => (double)bucket.Remaining / bucket.Rate.Amount;

    private static void Check(TokenBucket bucket, long amount, string model)
    {
        if (amount > bucket.Rate.Amount)
        {
            throw new SlipwayException(ErrorCode.PayloadTooLarge, $"model '{model}': one request has {amount} {bucket.Unit}, and the limit is {Words(bucket)}");
        }

        TimeSpan wait = bucket.WaitFor(amount);
        if (wait > TimeSpan.Zero)
        {
            throw new SlipwayException(ErrorCode.RateLimited, $"model '{model}': the limit of {Words(bucket)} is reached") { RetryAfter = wait };
        }
    }

    private static string Words(TokenBucket bucket) => $"{bucket.Rate.Amount} {bucket.Unit} in {bucket.Rate.Window.TotalSeconds:0.###} s";
}
