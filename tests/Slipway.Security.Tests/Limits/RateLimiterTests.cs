using Slipway.Core;
using Slipway.Security.Limits;
using Slipway.Security.Policies;
using Slipway.TestKit.Fakes;

namespace Slipway.Security.Tests.Limits;

public sealed class RateLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void What_was_taken_comes_back_evenly()
    {
        RateLimiter limiter = Limiter(new LimitRule { Requests = new Rate(10, TimeSpan.FromSeconds(10)) });
        for (int i = 9; i >= 0; i--)
        {
            Assert.Equal(i, Take(limiter)!.Value.Remaining);
        }

        SlipwayException refusal = Assert.Throws<SlipwayException>(() => Take(limiter));
        Assert.Equal(ErrorCode.RateLimited, refusal.Code);
        Assert.Equal(TimeSpan.FromSeconds(1), refusal.RetryAfter);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Throws<SlipwayException>(() => Take(limiter));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Take(limiter);
        Assert.Throws<SlipwayException>(() => Take(limiter));
    }

    [Fact]
    public void Over_any_time_no_more_passes_than_the_burst_and_the_rate()
    {
        RateLimiter limiter = Limiter(new LimitRule { Rows = new Rate(1000, TimeSpan.FromMinutes(1)) });
        Random random = new(7);
        DateTimeOffset start = _time.GetUtcNow();
        long passed = 0;
        for (int i = 0; i < 5000; i++)
        {
            long rows = random.Next(1, 300);
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 2000)));
            try
            {
                limiter.Take("key/a", "m", new RequestCost(rows, 0));
                passed += rows;
            }
            catch (SlipwayException)
            {
            }

            Assert.True(passed <= 1000 + (1000 * (_time.GetUtcNow() - start).TotalMinutes) + 1);
        }

        Assert.True(passed > 1000 * (_time.GetUtcNow() - start).TotalMinutes * 0.8);
    }

    [Fact]
    public void Each_pair_of_caller_and_model_has_its_own()
    {
        RateLimiter limiter = Limiter(new LimitRule { Requests = new Rate(1, TimeSpan.FromDays(1)) });
        foreach (string caller in (string[])["key/a", "key/b"])
        {
            foreach (string model in (string[])["m", "n"])
            {
                limiter.Take(caller, model, default);
                Assert.Throws<SlipwayException>(() => limiter.Take(caller, model, default));
            }
        }
    }

    [Fact]
    public void A_rule_is_for_the_callers_and_models_of_its_patterns()
    {
        RateLimiter limiter = Limiter(new LimitRule { Callers = ModelPattern.Parse("key/ci-*"), Models = ModelPattern.Parse("fraud*"), Requests = new Rate(1, TimeSpan.FromDays(1)) });
        Assert.Null(limiter.Take("key/web", "fraud", default));
        Assert.Null(limiter.Take("key/ci-1", "credit", default));
        Assert.NotNull(limiter.Take("key/ci-1", "fraud", default));
    }

    [Fact]
    public void What_one_bound_refuses_is_not_taken_from_the_others()
    {
        RateLimiter limiter = Limiter(
            new LimitRule { Requests = new Rate(100, TimeSpan.FromDays(1)) },
            new LimitRule { Rows = new Rate(10, TimeSpan.FromDays(1)), Bytes = new Rate(100, TimeSpan.FromDays(1)) });
        limiter.Take("key/a", "m", new RequestCost(9, 10));
        for (int i = 0; i < 50; i++)
        {
            Assert.Throws<SlipwayException>(() => limiter.Take("key/a", "m", new RequestCost(2, 10)));
        }

        Assert.Equal(0, limiter.Take("key/a", "m", new RequestCost(1, 10))!.Value.Remaining);
    }

    [Fact]
    public void A_request_larger_than_the_whole_limit_is_told_that_waiting_does_not_help()
    {
        RateLimiter limiter = Limiter(new LimitRule { Rows = new Rate(10, TimeSpan.FromSeconds(1)) });
        SlipwayException refusal = Assert.Throws<SlipwayException>(() => limiter.Take("key/a", "m", new RequestCost(11, 0)));
        Assert.Equal(ErrorCode.PayloadTooLarge, refusal.Code);
        Assert.Contains("11 rows", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_callers_make_up_take_no_memory_without_bound()
    {
        RateLimiter limiter = Limiter(new LimitRule { Requests = new Rate(1, TimeSpan.FromDays(1)) });
        int refused = 0;
        for (int i = 0; i < 70_000; i++)
        {
            try
            {
                limiter.Take("key/a", $"made-up-{i}", default);
            }
            catch (SlipwayException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 4000, 5000);
    }

    [Fact]
    public async Task Callers_at_once_get_no_more_than_there_is()
    {
        RateLimiter limiter = Limiter(new LimitRule { Requests = new Rate(1000, TimeSpan.FromDays(1)) });
        int passed = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 500; i++)
            {
                try
                {
                    Take(limiter);
                    Interlocked.Increment(ref passed);
                }
                catch (SlipwayException)
                {
                }
            }
        })));
        Assert.Equal(1000, passed);
    }

    private RateLimiter Limiter(params LimitRule[] rules) => new(rules, _time);

    private static LimitStatus? Take(RateLimiter limiter) => limiter.Take("key/a", "m", default);
}
