using Slipway.Core;
using Slipway.Protocols.Errors;

namespace Slipway.Protocols.Tests.Errors;

public sealed class ProtocolErrorsTests
{
    public static TheoryData<ErrorCode> Codes => [.. Enum.GetValues<ErrorCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_error_code_has_an_http_status_and_a_canonical_code(ErrorCode code)
    {
        Assert.InRange(code.ToHttpStatus(), 400, 599);
        Assert.NotEqual(CanonicalCode.Ok, code.ToCanonicalCode());
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_failure_that_is_the_callers_fault_is_so_in_both_tables(ErrorCode code)
    {
        bool http = code.ToHttpStatus() >= 500;
        bool canonical = code.ToCanonicalCode() is CanonicalCode.Internal or CanonicalCode.Unavailable or CanonicalCode.DeadlineExceeded
            or CanonicalCode.Unimplemented;
        Assert.Equal(http, canonical);
    }

    [Fact]
    public void Every_canonical_code_has_its_protobuf_name()
    {
        Assert.All(Enum.GetValues<CanonicalCode>(), code =>
            Assert.Equal(code.ToString().ToUpperInvariant(), code.ToName().Replace("_", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_unforeseen_exception_does_not_tell_callers_its_text()
    {
        SlipwayException shown = ProtocolErrors.ForCallers(new IOException("/srv/models/secret.onnx"));
        Assert.Equal(ErrorCode.Internal, shown.Code);
        Assert.Equal("internal error", shown.Message);
    }

    [Theory]
    [InlineData(ErrorCode.Overloaded, true)]
    [InlineData(ErrorCode.ModelNotReady, true)]
    [InlineData(ErrorCode.InvalidRequest, false)]
    public void Retry_after_is_given_where_waiting_helps(ErrorCode code, bool expected)
    {
        Assert.Equal(expected, ProtocolErrors.RetryAfter(new SlipwayException(code, "x")) is not null);
        Assert.Equal(TimeSpan.FromSeconds(7), ProtocolErrors.RetryAfter(new SlipwayException(code, "x") { RetryAfter = TimeSpan.FromSeconds(7) }));
    }
}
