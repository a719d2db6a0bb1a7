using Slipway.Server.Hosting;

namespace Slipway.Server.Tests.Hosting;

public sealed class ReadyLineTests
{
    // Scripts and orchestration read this line: if this test fails, the outside contract is broken, not the test.
    [Fact]
    public void The_line_is_frozen() => Assert.Equal(
        "slipway ready http=127.0.0.1:8080 grpc=[::1]:8081 admin=127.0.0.1:8090 models=3",
        ReadyLine.Format(
            new Dictionary<string, Uri>
            {
                ["admin"] = new("http://127.0.0.1:8090"),
                ["http"] = new("http://127.0.0.1:8080"),
                ["grpc"] = new("http://[::1]:8081"),
            },
            3));
}
