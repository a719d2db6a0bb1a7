using Slipway.Core;
using Slipway.Mlflow.Scoring;
using Slipway.Protocols.SageMaker;
using Slipway.TestKit.Fakes;

namespace Slipway.Mlflow.Tests.Scoring;

public sealed class ScoringInvocationsTests
{
    private const string Columns = """{"flavor":"sklearn","inputs":[{"type":"double","name":"a"},{"type":"double","name":"b"}]}""";

    private readonly ScoringInvocations _forms = new();

    [Theory]
    [InlineData(null)]
    [InlineData("[]")]
    [InlineData("{")]
    public void A_model_without_an_MLmodel_file_that_can_be_read_has_no_form_of_its_own(string? metadata) => Assert.Null(_forms.Of(Model(metadata)));

    [Theory]
    [InlineData("""{"dataframe_split":{"columns":["b","a"],"data":[[2,1]]}}""", "application/json")]
    [InlineData("b,a\n2,1\n", "text/csv")]
    public void Columns_are_taken_by_name_whatever_their_order(string body, string mediaType)
    {
        ModelSignature model = Model(Columns);
        IInvocationForm form = Assert.IsType<IInvocationForm>(_forms.Of(model), exactMatch: false);
        Assert.Null(form.CheckMedia(mediaType, out bool isCsv));

        InvocationBody read = form.Read(System.Text.Encoding.UTF8.GetBytes(body), isCsv, model);

        Assert.True(read.IsFrame);
        Assert.Equal([1.0, 2.0], Assert.Single(read.Inputs).Values<double>());
    }

    [Fact]
    public void What_the_reference_refuses_keeps_its_status_and_name()
    {
        ModelSignature model = Model(Columns);
        IInvocationForm form = _forms.Of(model)!;
        Assert.NotNull(form.CheckMedia("application/x-npz", out _));

        InvocationRefusedException unread = Assert.Throws<InvocationRefusedException>(() => form.Read("{"u8.ToArray(), isCsv: false, model));
        InvocationRefusedException unmet = Assert.Throws<InvocationRefusedException>(
            () => form.Read("""{"dataframe_split":{"columns":["a"],"data":[[1]]}}"""u8.ToArray(), isCsv: false, model));

        Assert.Equal((400, "BAD_REQUEST"), (unread.Status, unread.Name));
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (unmet.Status, unmet.Name));
    }

    private static ModelSignature Model(string? metadata) => new([new("X", TensorDataType.Float64, new(-1, 2))], [new("label", TensorDataType.Int64, new(-1))])
    {
        IsBatchable = true,
        Metadata = metadata is null ? new Dictionary<string, string>() : new Dictionary<string, string> { [ModelMetadataKeys.MLflow] = metadata },
    };
}
