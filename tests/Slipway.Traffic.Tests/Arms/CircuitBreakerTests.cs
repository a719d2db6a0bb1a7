using Slipway.TestKit.Fakes;
using Slipway.Traffic.Arms;
using Slipway.Traffic.Endpoints;

namespace Slipway.Traffic.Tests.Arms;

public sealed class CircuitBreakerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CircuitBreaker _breaker;

    public CircuitBreakerTests() =>
        _breaker = new CircuitBreaker(new BreakerDefinition(0.5, 4, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5)), _time);

    [Fact]
    public void It_opens_when_the_share_of_enough_requests_fails()
    {
        Report(false, true, true);
        Assert.True(_breaker.TryEnter());
        Report(true);
        Assert.False(_breaker.TryEnter());
    }

    [Fact]
    public void What_lies_before_the_window_is_forgotten()
    {
        Report(true, true, true);
        _time.Advance(TimeSpan.FromSeconds(11));
        Report(true);
        Assert.True(_breaker.TryEnter());
    }

    [Fact]
    public void After_its_rest_one_request_tries_and_decides()
    {
        Report(true, true, true, true);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(_breaker.TryEnter());
        Assert.False(_breaker.TryEnter());
        Report(true);
        Assert.False(_breaker.TryEnter());

        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(_breaker.TryEnter());
        Report(false);
        Assert.True(_breaker.TryEnter());
        Assert.True(_breaker.TryEnter());
    }

    [Fact]
    public void A_try_that_says_nothing_lets_the_next_try()
    {
        Report(true, true, true, true);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(_breaker.TryEnter());
        _breaker.Report(null);
        Assert.True(_breaker.TryEnter());
    }

    private void Report(params bool[] failures)
    {
        foreach (bool failed in failures)
        {
            _breaker.Report(failed);
        }
    }
}
