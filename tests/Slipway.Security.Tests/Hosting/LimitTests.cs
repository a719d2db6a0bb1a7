using System.Net;
using Slipway.Security.Limits;
using Slipway.Security.Policies;

namespace Slipway.Security.Tests.Hosting;

public sealed class LimitTests
{
    private const string Body = """{"inputs":[{"name":"x","datatype":"FP32","shape":[2,2],"data":[1,2,3,4]}]}""";

    [Fact]
    public async Task A_caller_is_told_how_it_stands_and_then_to_wait()
    {
        await using SecuredServer server = await SecuredServer.StartAsync(static options => options.Security.Limits = [new LimitRule { Requests = new Rate(2, TimeSpan.FromDays(1)) }]);
        using HttpClient client = server.Client("http", server.KeyFor("predictor"));
        using HttpResponseMessage first = await client.PostAsync("/v2/models/credit/infer", new StringContent(Body));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(("2", "1"), (Header(first, "RateLimit-Limit"), Header(first, "RateLimit-Remaining")));
        Assert.StartsWith("2;w=86400", Header(first, "RateLimit-Policy"), StringComparison.Ordinal);
        Assert.Equal("43200", Header(first, "RateLimit-Reset"));
        using HttpResponseMessage second = await client.PostAsync("/v2/models/credit/infer", new StringContent(Body));
        Assert.Equal("0", Header(second, "RateLimit-Remaining"));

        using HttpResponseMessage third = await client.PostAsync("/v2/models/credit/infer", new StringContent(Body));
        Assert.Equal(HttpStatusCode.TooManyRequests, third.StatusCode);
        Assert.InRange(third.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 86_400);

        using HttpClient other = server.Client("http", server.KeyFor("predictor"));
        using HttpResponseMessage free = await other.PostAsync("/v2/models/credit/infer", new StringContent(Body));
        Assert.Equal(HttpStatusCode.OK, free.StatusCode);
    }

    [Fact]
    public async Task Rows_and_bytes_are_counted_in_every_protocol()
    {
        await using SecuredServer server = await SecuredServer.StartAsync(static options => options.Security.Limits =
        [
            new LimitRule { Models = ModelPattern.Parse("credit"), Rows = new Rate(3, TimeSpan.FromDays(1)) },
            new LimitRule { Models = ModelPattern.Parse("fraud-*"), Bytes = new Rate(20, TimeSpan.FromDays(1)) },
        ]);
        using HttpClient client = server.Client("http", server.KeyFor("predictor"));
        using HttpResponseMessage open = await client.PostAsync("/v2/models/credit/infer", new StringContent(Body));
        using HttpResponseMessage serving = await client.PostAsync("/v1/models/credit:predict", new StringContent("""{"instances":[[1,2],[3,4]]}"""));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (open.StatusCode, serving.StatusCode));
        using HttpResponseMessage bytes = await client.PostAsync("/v2/models/fraud-eu/infer", new StringContent(Body));
        using HttpResponseMessage more = await client.PostAsync("/models/fraud-eu/invoke", new StringContent("1,2\n3,4\n", System.Net.Http.Headers.MediaTypeHeaderValue.Parse("text/csv")));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (bytes.StatusCode, more.StatusCode));
    }

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
