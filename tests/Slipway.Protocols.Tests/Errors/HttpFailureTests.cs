using Microsoft.AspNetCore.Http;
using Slipway.Core;
using Slipway.Protocols.Http;

namespace Slipway.Protocols.Tests.Errors;

public sealed class HttpFailureTests
{
    [Theory]
    [InlineData(408, ErrorCode.DeadlineExceeded, 408)]
    [InlineData(413, ErrorCode.PayloadTooLarge, 413)]
    [InlineData(400, ErrorCode.InvalidRequest, 400)]
    public void What_the_server_says_of_a_body_has_its_own_status(int said, ErrorCode code, int status)
    {
        SlipwayException failure = HttpFailure.ForCallers(new BadHttpRequestException("said by the server", said), new DefaultHttpContext());
        Assert.Equal((code, status), (failure.Code, HttpFailure.StatusOf(failure)));
    }

    [Fact]
    public void A_deadline_that_passed_is_no_slow_body()
    {
        Assert.Equal(504, HttpFailure.StatusOf(new SlipwayException(ErrorCode.DeadlineExceeded, "passed")));
    }
}
