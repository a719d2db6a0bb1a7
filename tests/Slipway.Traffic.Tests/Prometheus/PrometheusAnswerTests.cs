using System.Text;
using Slipway.Core;
using Slipway.Traffic.Prometheus;

namespace Slipway.Traffic.Tests.Prometheus;

public sealed class PrometheusAnswerTests
{
    [Theory]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1763760000.123,"0.25"]}]}}""", 0.25)]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1763760000,"1e3"]},"warnings":["w"]}""", 1000.0)]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"+Inf"]}]}}""", double.PositiveInfinity)]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"-Inf"]}]}}""", double.NegativeInfinity)]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"NaN"]}]}}""", null)]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[]}}""", null)]
    public void One_number_is_read_and_none_is_none(string answer, double? expected) => Assert.Equal(expected, PrometheusAnswer.Read(Encoding.UTF8.GetBytes(answer)));

    [Theory]
    [InlineData("""{"status":"error","errorType":"bad_data","error":"invalid parameter \"query\": parse error"}""", "refuses the query: invalid parameter")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a":"1"},"value":[1,"1"]},{"metric":{"a":"2"},"value":[1,"1"]}]}}""", "gives 2 series")]
    [InlineData("""{"status":"success","data":{"resultType":"matrix","result":[]}}""", "gives a matrix")]
    [InlineData("""{"status":"success","data":{"resultType":"string","result":[1,"x"]}}""", "gives a string")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[1,{}]}]}}""", "gives a histogram")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1,"many"]}}""", "no number")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1]}}""", "without a value")]
    [InlineData("""{"status":"success","data":{"resultType":"scalar","result":[1,2]}}""", "not what Prometheus")]
    [InlineData("""{"status":"success"}""", "not what Prometheus")]
    [InlineData("""[]""", "not what Prometheus")]
    [InlineData("""{"status":"success","data":{"resultType":"vector","result":{}}}""", "not what Prometheus")]
    [InlineData("""<html>""", "not what Prometheus")]
    [InlineData("", "not what Prometheus")]
    public void Everything_else_is_refused_with_what_it_is(string answer, string expected) =>
        Assert.Contains(expected, Assert.Throws<SlipwayException>(() => PrometheusAnswer.Read(Encoding.UTF8.GetBytes(answer))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_deep_or_cut_answer_is_refused_and_never_anything_worse()
    {
        const string answer = """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1763760000.123,"0.25"]}]}}""";
        for (int length = 0; length < answer.Length; length++)
        {
            Assert.Throws<SlipwayException>(() => PrometheusAnswer.Read(Encoding.UTF8.GetBytes(answer[..length])));
        }

        Assert.Throws<SlipwayException>(() => PrometheusAnswer.Read(Encoding.UTF8.GetBytes(new string('[', 100_000))));
    }
}
